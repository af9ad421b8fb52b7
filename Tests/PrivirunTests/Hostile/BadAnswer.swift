import Testing

/// An answer that no service should give.
struct BadAnswer: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let answer: HostileAnswer
  /// Whether only a time limit ends it.
  var needsPatience = false

  init(_ name: String, _ answer: HostileAnswer, needsPatience: Bool = false) {
    testDescription = name
    self.answer = answer
    self.needsPatience = needsPatience
  }

  static let all = bodies + framing + endings + redirects + statuses

  private static let bodies: [BadAnswer] = [
    BadAnswer("a page", .whole(200, "<!DOCTYPE html><title>Oops</title>", type: "text/html")),
    BadAnswer("nothing", .json("")),
    BadAnswer("JSON cut off", .json(#"{"authorizationToken":"planted-t"#)),
    BadAnswer("plain text", .whole(200, "this is not it", type: "text/plain")),
    BadAnswer("a number", .json("42")),
    BadAnswer("null", .json("null")),
    BadAnswer("a list of numbers", .json("[1,2]")),
    BadAnswer("an object of other names", .json(#"{"other":{"deep":true}}"#)),
    BadAnswer(
      "JSON nested 100,000 deep", .json(String(repeating: "[", count: 100_000))),
    BadAnswer("a picture", .whole(200, [0x89, 0x50, 0x4E, 0x47, 0xFF, 0], type: "image/png")),
    BadAnswer(
      "compressed without being asked",
      .whole(
        200, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], type: "application/json",
        headers: "Content-Encoding: gzip\r\n")),
    BadAnswer("100 MB announced", .bytes("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")),
    BadAnswer(
      "100 MB in chunks",
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .repeats(chunk))),
    BadAnswer("a body to the end of time", .bytes("HTTP/1.1 200 OK\r\n\r\n", .repeats(filler))),
  ]

  private static let framing: [BadAnswer] = [
    BadAnswer("another protocol", .bytes("SSH-2.0-OpenSSH_9.2\r\n")),
    BadAnswer("HTTP/0.9", .bytes("<html>hello</html>")),
    BadAnswer("HTTP/2", .bytes("\0\0\u{12}\u{4}\0\0\0\0\0")),
    BadAnswer("HTTP/7.3", .bytes("HTTP/7.3 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
    BadAnswer("no status", .bytes("HTTP/1.1 OK\r\n\r\n")),
    BadAnswer(
      "two lengths",
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}")),
    BadAnswer("a negative length", .bytes("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")),
    BadAnswer(
      "a length beyond all numbers",
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}")),
    BadAnswer(
      "a chunk without a size",
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")),
    BadAnswer(
      "a chunk larger than all numbers",
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}")),
    BadAnswer("a header without end", .bytes("HTTP/1.1 200 OK\r\nX-Bomb: ", .repeats(filler))),
    BadAnswer(
      "headers without end",
      .bytes("HTTP/1.1 200 OK\r\n", .repeats(Array("X-Bomb: bomb\r\n".utf8)))),
    BadAnswer(
      "early hints without end",
      .bytes("", .repeats(hints)), needsPatience: true),
    BadAnswer("another upgrade", .bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")),
  ]

  private static let endings: [BadAnswer] = [
    BadAnswer("no answer", .bytes("")),
    BadAnswer("an end within the head", .bytes("HTTP/1.1 200 OK\r\nConte")),
    BadAnswer("an end within the body", .bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")),
    BadAnswer(
      "an end within a chunk",
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{")),
    BadAnswer("silence", .bytes("", .stalls), needsPatience: true),
    BadAnswer(
      "silence within the body",
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", .stalls), needsPatience: true),
    BadAnswer(
      "a head byte by byte",
      .bytes("HTTP/1.1 200 OK\r\nX-Slow: ", .drips(0x78)), needsPatience: true),
    BadAnswer(
      "a body byte by byte",
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", .drips(0x78)),
      needsPatience: true),
    BadAnswer(
      "chunks without end",
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", .stalls),
      needsPatience: true),
  ]

  private static let redirects = [300, 301, 302, 303, 304, 305, 307, 308].map { status in
    BadAnswer("\(status)", .whole(status, "", headers: "Location: http://127.0.0.1:1/x\r\n"))
  }

  private static let statuses =
    [201, 204, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422, 429, 451, 499]
    .map { BadAnswer("\($0)", .whole($0, #"{"message":"because of \#($0)"}"#)) }
    + [500, 501, 502, 503, 504, 505, 507, 599].map {
      BadAnswer("\($0)", .whole($0, "<title>Bad gateway</title>", type: "text/html"))
    } + [199, 600, 999].map { BadAnswer("\($0)", .whole($0, "{}")) }

  private static let filler = [UInt8](repeating: 0x78, count: 1 << 16)
  private static let hints = Array(
    String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 1000).utf8)
  private static let chunk = Array("10000\r\n".utf8) + filler + Array("\r\n".utf8)
}
