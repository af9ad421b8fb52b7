"""Stands between clients and the API of a service, and notes which requests came when."""

import http.client
import http.server
import json
import threading
import time
import urllib.parse

from plain_api import pick

HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "host", "content-length"}


class Note:
    """One request: when it came and was answered, its path, and the token that it had or got."""

    def __init__(self, path, begin, end, token, username):
        self.path, self.begin, self.end = path, begin, end
        self.token, self.username = token, username


class MeasuringProxy:
    """A proxy for one service, on a port of its own."""

    def __init__(self, address):
        upstream = urllib.parse.urlsplit(address)
        self.notes, self.lock = [], threading.Lock()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                self.upstream = http.client.HTTPConnection(upstream.hostname, upstream.port)

            def finish(self):
                self.upstream.close()
                super().finish()

            def log_message(self, *_):
                pass

            def handle_any(self):
                begin = time.monotonic()
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {
                    name: value for name, value in self.headers.items() if name.lower() not in HOP
                }
                self.upstream.request(self.command, self.path, body or None, headers)
                answer = self.upstream.getresponse()
                content = answer.read()
                proxy.note(self, body, content, begin)
                self.send_response_only(answer.status, answer.reason)
                for name, value in answer.getheaders():
                    if name.lower() not in HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

        self.server = Listener(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def note(self, handler, body, content, begin):
        path = urllib.parse.urlsplit(handler.path).path
        token = handler.headers.get("X-DPT-AUTHORIZATION")
        username = None
        if path.endswith("/profile/authenticate"):
            given = urllib.parse.parse_qs(body.decode(errors="replace"))
            username = given.get("username", [None])[0]
            try:
                token = pick(json.loads(content), "authorizationToken", "token")
            except (ValueError, AttributeError):
                token = None
        with self.lock:
            self.notes.append(Note(path, begin, time.monotonic(), token, username))

    def take(self):
        """The requests until now, by when they came; they are forgotten here."""
        with self.lock:
            notes, self.notes = self.notes, []
        return sorted(notes, key=lambda note: note.begin)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Sessions:
    """The sessions that requests belong to: whose each was, and from when to when it was used."""

    def __init__(self, notes):
        self.spans = {}  # by token: [username, begin, end]
        for note in notes:
            if note.username and note.token:
                self.spans[note.token] = [note.username, note.begin, note.end]
            elif note.token in self.spans:
                self.spans[note.token][2] = max(self.spans[note.token][2], note.end)

    def of(self, usernames):
        return [span for span in self.spans.values() if span[0] in usernames]


def most_at_once(spans):
    """How many of some spans of time overlap at most."""
    edges = sorted([(begin, 1) for begin, _ in spans] + [(end, -1) for _, end in spans])
    now = most = 0
    for _, change in edges:
        now += change
        most = max(most, now)
    return most


def most_in_a_second(moments):
    """How many of some moments are within one second at most."""
    moments, first, most = sorted(moments), 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most
