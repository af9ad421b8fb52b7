"""A service that takes any command, acknowledges it later, and notes how soon the next request comes.

It understands as much of HTTP and WebSocket as Benchmarks/latency needs, and takes next to no time for it.
"""

import asyncio
import base64
import hashlib
import itertools
import json
import random
import time

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3
TEXT, CLOSE = 1, 8


class Sockets:
    """Who has joined, and the instants of acknowledgements that no request followed yet."""

    def __init__(self, shortest, longest):
        self.shortest, self.longest = shortest, longest
        self.joined, self.acknowledged, self.gaps = {}, {}, []
        self.tokens, self.commands = itertools.count(), itertools.count()

    def came(self, token):
        """A request is there: it follows an acknowledgement, or something else."""
        if (moment := self.acknowledged.pop(token, None)) is not None:
            self.gaps.append(time.perf_counter() - moment)

    def take(self, token):
        """Takes a command, acknowledges it after a while; returns its id."""
        identifier = f"command-{next(self.commands)}"
        pause = random.uniform(self.shortest, self.longest)
        asyncio.get_running_loop().call_later(pause, self.acknowledge, token, identifier)
        return identifier

    def acknowledge(self, token, identifier):
        data = {"type": "X-DPT-CAB-ID", "id": identifier, "command_status": 2, "body": "Done."}
        self.acknowledged[token] = time.perf_counter()
        self.joined[token].send(TEXT, json.dumps({"data": data}).encode())


class HTTP(asyncio.Protocol):
    """The API: requests one after the other."""

    def __init__(self, sockets):
        self.sockets, self.bytes = sockets, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.bytes += data
        while (end := self.bytes.find(b"\r\n\r\n")) >= 0:
            line, *lines = self.bytes[:end].decode("latin-1").split("\r\n")
            fields = (field.split(": ", 1) for field in lines)
            headers = {name.lower(): value for name, value in fields}
            size = end + 4 + int(headers.get("content-length", 0))
            if len(self.bytes) < size:
                return
            self.bytes = self.bytes[size:]
            self.answer(line.split(" ")[1], headers.get("x-dpt-authorization"))

    def answer(self, path, token):
        self.sockets.came(token)
        if path == "/profile/authenticate":
            token = f"token-{next(self.sockets.tokens)}"
            content = {"authorizationToken": token, "expiresAt": "2099-01-01T00:00:00Z"}
            return self.send("200 OK", content)
        self.send("202 Accepted", [self.sockets.take(token)])

    def send(self, status, content):
        body = json.dumps(content)
        self.transport.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )


class WebSocket(asyncio.Protocol):
    """The socket of one session."""

    def __init__(self, sockets):
        self.sockets, self.bytes, self.isOpen = sockets, b"", False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.bytes += data
        if not self.isOpen:
            return self.open()
        while frame := self.frame():
            opcode, payload = frame
            if opcode == CLOSE:
                self.send(CLOSE, payload)
                return self.transport.close()
            if opcode == TEXT:
                self.take(json.loads(payload))

    def open(self):
        if b"\r\n\r\n" not in self.bytes:
            return
        lines = self.bytes.split(b"\r\n")
        fields = (line.split(b": ", 1) for line in lines if b": " in line)
        key = {name.lower(): value for name, value in fields}[b"sec-websocket-key"]
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.bytes, self.isOpen = b"", True

    def frame(self):
        """The next whole frame, unmasked (RFC 6455 §5.2); None while there is none."""
        if len(self.bytes) < 6:
            return None
        size, start = self.bytes[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(self.bytes[2:4], "big"), 4
        end = start + 4 + size
        if len(self.bytes) < end:
            return None
        key, masked = self.bytes[start : start + 4], self.bytes[start + 4 : end]
        opcode = self.bytes[0] & 0x0F
        self.bytes = self.bytes[end:]
        return opcode, bytes(byte ^ key[index % 4] for index, byte in enumerate(masked))

    def take(self, message):
        is_join = message["action"] == "joinChannel"
        if is_join:
            self.sockets.joined[message["authorizationToken"]] = self
        verb = "joined" if is_join else "left"
        data = {"channelId": "channel", "message": f"Successfully {verb} profile channel."}
        answer = {"correlationId": message["correlationId"], "status": 200, "data": data}
        self.send(TEXT, json.dumps(answer).encode())

    def send(self, opcode, payload):
        size = len(payload)
        head = (
            bytes([0x80 | opcode, size])
            if size < 126
            else bytes([0x80 | opcode, 126, size >> 8, size & 0xFF])
        )
        self.transport.write(head + payload)
