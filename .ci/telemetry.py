"""A collector of OpenTelemetry that decodes strictly, and a forwarder that notes trace context."""

import base64
import http.server
import json
import re
import socket
import threading

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from processes import Breach

IDS = {"traceId": 32, "spanId": 16, "parentSpanId": 16}
# 64-bit integers, which the JSON mapping of Protocol Buffers writes as strings.
LONGS = {
    "startTimeUnixNano", "endTimeUnixNano", "timeUnixNano", "intValue", "asInt", "count",
    "bucketCounts",
}  # fmt: skip


def require(is_so, text):
    if not is_so:
        raise Breach(text)


def checked(value, name=""):
    """The same JSON as Protocol Buffers have it: OTLP writes ids in hexadecimal, and not in base64."""
    if isinstance(value, dict):
        return {key: checked(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [checked(inner, name) for inner in value]
    if name in IDS:
        is_id = isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{IDS[name]}}}", value)
        require(is_id and set(value) != {"0"}, f"{name} is {value!r}")
        return base64.b64encode(bytes.fromhex(value)).decode()
    if name in LONGS:
        require(isinstance(value, str), f"{name} is no string: {value!r}")
    return value


class Collector:
    """Receives OTLP/HTTP in JSON on a free port; `answer` may refuse a request by a status."""

    def __init__(self, answer=None):
        self.spans, self.metrics, self.resources = [], {}, []
        self.bodies, self.headers, self.breaches, self.refused = [], [], [], 0
        self.changed = threading.Condition()
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = (answer and answer(self.path, body)) or (200, {})
                try:
                    if status == 200:
                        collector.take(self.path, dict(self.headers), body)
                    else:
                        collector.refused += 1
                except (Breach, json_format.ParseError, ValueError) as error:
                    collector.breaches.append(f"{self.path}: {error}")
                    status = 400
                text = b"{}"
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # A client that is killed resets its connections.
        self.server.handle_error = lambda *_: None
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, headers, body):
        require(headers.get("Content-Type") == "application/json", "the body is no JSON by its type")
        message = checked(json.loads(body))
        with self.changed:
            self.bodies.append(body)
            self.headers.append({name.lower(): value for name, value in headers.items()})
            if path.endswith("/v1/traces"):
                self.take_spans(message)
            elif path.endswith("/v1/metrics"):
                self.take_metrics(message)
            else:
                raise Breach("nothing is received there")
            self.changed.notify_all()

    def take_spans(self, message):
        request = json_format.ParseDict(
            message, trace_service_pb2.ExportTraceServiceRequest(), ignore_unknown_fields=False
        )
        for resource in request.resource_spans:
            self.resources.append(attributes(resource.resource.attributes))
            for scope in resource.scope_spans:
                require(scope.scope.name == "privirun", "the scope has another name")
                self.spans += [Span(span) for span in scope.spans]

    def take_metrics(self, message):
        request = json_format.ParseDict(
            message, metrics_service_pb2.ExportMetricsServiceRequest(), ignore_unknown_fields=False
        )
        for resource in request.resource_metrics:
            self.resources.append(attributes(resource.resource.attributes))
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    # Cumulative: the latest numbers count.
                    self.metrics[metric.name] = points(metric)

    def wait(self, what, condition, patience=60):
        with self.changed:
            came = self.changed.wait_for(condition, patience)
        require(came, f"{what}: not within {patience} s")

    def require_sound(self):
        require(not self.breaches, "; ".join(self.breaches))

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Span:
    """A span as a collector has it."""

    def __init__(self, span):
        self.trace, self.id = span.trace_id.hex(), span.span_id.hex()
        self.parent = span.parent_span_id.hex()
        self.name, self.kind = span.name, span.kind
        self.start, self.end = span.start_time_unix_nano, span.end_time_unix_nano
        self.attributes = attributes(span.attributes)
        self.is_error = span.status.code == 2
        self.events = [event.name for event in span.events]
        self.links = [link.span_id.hex() for link in span.links]

    def __repr__(self):
        return f"{self.name} ({self.id})"


def attributes(pairs):
    found = {}
    for pair in pairs:
        require(pair.key not in found, f"the attribute {pair.key} is there twice")
        found[pair.key] = getattr(pair.value, pair.value.WhichOneof("value"))
    return found


def points(metric):
    """The points of a metric, by their attributes; counts of a histogram must add up."""
    kind = metric.WhichOneof("data")
    data = getattr(metric, kind)
    require(metric.unit and metric.description, f"{metric.name} has no unit, or no description")
    if kind != "gauge":
        require(data.aggregation_temporality == 2, f"{metric.name} is not cumulative")
    found = {}
    for point in data.data_points:
        key = tuple(sorted(attributes(point.attributes).items()))
        require(key not in found, f"{metric.name} has a series twice")
        require(point.start_time_unix_nano <= point.time_unix_nano, f"{metric.name} begins late")
        if kind == "histogram":
            bounds = list(point.explicit_bounds)
            require(bounds == sorted(bounds), f"{metric.name} has bounds out of order")
            require(len(point.bucket_counts) == len(bounds) + 1, f"{metric.name} lacks a bucket")
            require(sum(point.bucket_counts) == point.count, f"{metric.name} does not add up")
            found[key] = point.count
        else:
            found[key] = getattr(point, point.WhichOneof("value"))
    return found


def check_tree(spans, roots=1, outside=()):
    """One trace, in which every parent is there and lasts longer; returns the roots."""
    by_id = {span.id: span for span in spans}
    require(len(by_id) == len(spans), "a span was exported twice")
    require(len({span.trace for span in spans}) == 1, "there are several traces")
    found = []
    for span in spans:
        require(span.start <= span.end, f"{span} ends before it starts")
        if not span.parent or span.parent in outside:
            found.append(span)
            continue
        parent = by_id.get(span.parent)
        require(parent is not None, f"the parent of {span} is not there")
        is_within = parent.start <= span.start and span.end <= parent.end
        require(is_within, f"{span} does not lie within {parent}")
    require(len(found) == roots, f"there are {len(found)} roots: {found}")
    return found


class Forwarder:
    """Forwards connections to a server, and keeps what its clients sent."""

    def __init__(self, address):
        scheme, host, port, self.path = re.fullmatch(
            r"(\w+)://([^:/]+):(\d+)(/.*)?", address
        ).groups("")
        self.target = (host, int(port))
        self.sent, self.lock = [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        own = self.listener.getsockname()[1]
        self.address = f"{scheme}://127.0.0.1:{own}{self.path}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            kept = bytearray()
            with self.lock:
                self.sent.append(kept)
            for source, sink, note in ((client, server, kept), (server, client, None)):
                threading.Thread(target=self.pump, args=(source, sink, note), daemon=True).start()

    @staticmethod
    def pump(source, sink, note):
        try:
            while piece := source.recv(65536):
                if note is not None:
                    note += piece
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def heads(self):
        """The heads of the requests that came, each with its first line."""
        with self.lock:
            sent = [bytes(kept) for kept in self.sent]
        pattern = rb"((?:GET|POST|PUT|DELETE|PATCH) \S+ HTTP/1\.1\r\n(?:[^\r\n]+\r\n)*)\r\n"
        return [head.decode("latin-1") for kept in sent for head in re.findall(pattern, kept)]
