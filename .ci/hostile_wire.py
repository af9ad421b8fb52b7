"""HTTP/1.1 and WebSockets by hand, as much as hostile-server.py needs of them."""

import base64
import hashlib
import json
import socket
import struct
import urllib.parse



class Request:
    """One HTTP request, its body read whole."""

    def __init__(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        self.method, self.path, self.headers, self.body = method, parts.path, headers, body
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.key = hashlib.sha256(f"{method} {target} ".encode() + body).digest()

    def fields(self):
        """The members of the body; forms and JSON are understood alike."""
        try:
            if "json" in self.headers.get("content-type", ""):
                found = json.loads(self.body)
                return found if isinstance(found, dict) else {}
            return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))
        except ValueError:
            return {}


async def read_request(reader):
    """The next request of a connection; raises IncompleteReadError at its end."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if "chunked" not in headers.get("transfer-encoding", ""):
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return Request(method, target, headers, body)
    body = b""
    while count := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(count)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return Request(method, target, headers, body)


class Answer:
    """One HTTP response; a body that is neither bytes nor a string is written as JSON."""

    def __init__(self, status, body=b"", **headers):
        self.status, self.headers = status, headers
        if isinstance(body, bytes):
            self.body, self.type = body, "application/octet-stream"
        else:
            self.body, self.type = json.dumps(body).encode(), "application/json; charset=utf-8"

    def wire(self):
        headers = {"Content-Type": self.type, "Content-Length": len(self.body)}
        headers |= {name.replace("_", "-"): value for name, value in self.headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} -\r\n{head}\r\n".encode() + self.body


class Refusal(Exception):
    """Ends the handling of a request with an error."""

    def __init__(self, status, reason, field=None):
        super().__init__(reason)
        problem = {"propertyPath": field, "message": reason}
        self.answer = Answer(status, {"violations": [problem]} if field else {"error": reason})


def reset(writer):
    """Ends a connection without a farewell."""
    if (bare := writer.get_extra_info("socket")) is not None:
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Channel:
    """One WebSocket (RFC 6455) and the profile that it has joined, if any."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.profile = None

    def accept(self, request):
        """Answers the handshake (§4.2.2)."""
        proof = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        digest = base64.b64encode(hashlib.sha1(proof.encode()).digest()).decode()
        self.writer.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {digest}\r\n\r\n".encode()
        )

    def frame(self, opcode, payload, final=True):
        """Writes one frame; a server's is not masked (§5.1)."""
        count = len(payload)
        head = bytes([(0x80 if final else 0) | opcode])
        if count < 126:
            head += bytes([count])
        elif count < 65_536:
            head += struct.pack(">BH", 126, count)
        else:
            head += struct.pack(">BQ", 127, count)
        if not self.writer.is_closing():
            self.writer.write(head + payload)

    def send(self, message, pieces=1):
        """Sends one text message, in two fragments if that is asked for."""
        payload = json.dumps(message).encode()
        cut = len(payload) if pieces == 1 else len(payload) // 2
        self.frame(0x1, payload[:cut], final=pieces == 1)
        if pieces > 1:
            self.frame(0x0, payload[cut:])

    async def messages(self):
        """The text messages of the client until it closes; control frames are dealt with here."""
        text = b""
        while True:
            first, second = await self.reader.readexactly(2)
            count = second & 0x7F
            if count == 126:
                count = struct.unpack(">H", await self.reader.readexactly(2))[0]
            elif count == 127:
                count = struct.unpack(">Q", await self.reader.readexactly(8))[0]
            if not second & 0x80 or count > 1_000_000:
                self.frame(0x8, struct.pack(">H", 1002))
                return
            mask = await self.reader.readexactly(4)
            masked = await self.reader.readexactly(count)
            payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(masked))
            opcode = first & 0x0F
            if opcode == 0x8:
                self.frame(0x8, payload[:2])
                return
            if opcode == 0x9:
                self.frame(0xA, payload)
            elif opcode in (0x0, 0x1):
                text += payload
                if first & 0x80:
                    yield text
                    text = b""
