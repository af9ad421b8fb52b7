import Logging
import NIOCore
import ServiceLifecycle
import Serving
import Testing

/// The status server over real connections of loopback.
@Suite struct StatusServerTests {
  private static let close = "Host: h\r\nConnection: close\r\n\r\n"
  private let daemon = SampleDaemon()

  @Test func `a page is one response with its length, its type and the date`() async throws {
    let answer = try await daemon.serving { try await $0.answer("GET", "/healthz") }
    let body =
      #"{"status":"ok","state":"starting","since":"2026-11-30T05:00:00.000000Z","#
      + #""files":{"good":0,"kept":0,"bad":0},"problems":[]}"# + "\n"
    #expect(
      answer == """
        HTTP/1.1 200 OK\r
        Content-Type: application/json\r
        Content-Length: \(body.utf8.count)\r
        Cache-Control: no-store\r
        X-Content-Type-Options: nosniff\r
        Date: Mon, 30 Nov 2026 05:00:00 GMT\r
        Connection: close\r
        \r
        \(body)
        """)
  }

  @Test func `HEAD has the head of GET and no body`() async throws {
    let (get, head) = try await daemon.serving { server in
      try await (server.answer("GET", "/metrics"), server.answer("HEAD", "/metrics"))
    }
    let end = try #require(get.firstRange(of: "\r\n\r\n")).upperBound
    #expect(head == get[..<end])
    #expect(head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
    #expect(get.hasSuffix("privirun_notifications_pending 0\n"))
  }

  @Test(arguments: [
    ("GET", "/none", "HTTP/1.1 404 Not Found\r\n"),
    ("POST", "/metrics", "HTTP/1.1 405 Method Not Allowed\r\n"),
  ])
  func `other pages and other methods are refused`(
    _ method: String, _ target: String, _ line: String
  ) async throws {
    let answer = try await daemon.serving { try await $0.answer(method, target) }
    #expect(answer.hasPrefix(line))
    #expect(answer.contains("\r\nAllow: GET, HEAD\r\n") == (method == "POST"))
  }

  @Test func `requests of one connection are answered in order, bodies skipped`() async throws {
    let answer = try await daemon.serving { server in
      try await server.exchange(
        "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
        "GET /metrics HTTP/1.1\r\n", Self.close)
    }
    let lines = answer.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("HTTP/") }
    #expect(lines == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found", "HTTP/1.1 200 OK"])
  }

  @Test func `thousands of requests may come at once`() async throws {
    let request = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"
    let answer = try await daemon.serving { server in
      try await server.exchange(
        String(repeating: request, count: 5000), "HEAD / HTTP/1.1\r\n\(Self.close)")
    }
    #expect(answer.ranges(of: "HTTP/1.1 404 ").count == 5001)
  }

  @Test(arguments: [
    ("GET /healthz HTTP/1.0\r\n\r\n", "200 OK"),
    ("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 OK"),
    ("GET /healthz HTTP/1.1\r\n\r\n", "400 Bad Request"),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 Bad Request"),
    ("nonsense\r\n\r\n", "400 Bad Request"),
    (
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n"
        + String(repeating: "x", count: 65537), "413 Payload Too Large"
    ),
  ])
  func `a request that cannot be answered ends its connection`(
    _ request: String, _ status: String
  ) async throws {
    let answer = try await daemon.serving { try await $0.exchange(request) }
    #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"), "\(answer)")
    #expect(answer.contains("\r\nConnection: close\r\n"))
  }

  @Test func `a head of more than 16 KiB is refused before it ends`() async throws {
    let line = "X: \(String(repeating: "x", count: 1021))\r\n"
    let lines = Array(repeating: line, count: 40)
    let answer = try await daemon.serving { server in
      try await StatusClient.connect(to: server.address)
        .exchange(["GET /healthz HTTP/1.1\r\n"] + lines)
    }
    #expect(
      answer == "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        + "Connection: close\r\nContent-Length: 0\r\n\r\n")
  }

  @Test func `a head of 16 KiB is read`() async throws {
    let line = "X: \(String(repeating: "x", count: 1019))\r\n"
    let lines = Array(repeating: line, count: 15)
    let answer = try await daemon.serving { server in
      try await StatusClient.connect(to: server.address)
        .exchange(["GET /healthz HTTP/1.1\r\n"] + lines + [Self.close])
    }
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
  }

  @Test(arguments: [
    "", "GET /healthz HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab",
  ])
  func `a client that does not end its request is closed`(_ start: String) async throws {
    var limits = StatusLimits()
    limits.exchange = .milliseconds(50)
    let answer = try await daemon.serving(limits) { try await $0.exchange(start) }
    #expect(answer == "")
  }

  @Test func `a client that sends no further request is closed`() async throws {
    var limits = StatusLimits()
    limits.idle = .milliseconds(50)
    let answer = try await daemon.serving(limits) { server in
      try await server.exchange("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
    }
    #expect(answer.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
  }

  @Test func `connections beyond the limit are closed, the others are served`() async throws {
    var limits = StatusLimits()
    limits.connections = 1
    let request = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
    try await daemon.serving(limits) { server in
      let first = try await StatusClient.connect(to: server.address)
      let answer = try await first.exchange(request, until: { $0.hasSuffix("}\n") }) {
        let refused = try await server.exchange(request)
        #expect(refused == "")
      }
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
  }

  @Test func `an address that is taken is an error that says what to do`() async throws {
    try await daemon.serving { server in
      let pages = daemon.pages
      await #expect(
        throws: StatusFailure(
          "the status cannot be served on \(server.address): another program listens there",
          hint: "name another port with `--listen HOST:PORT`, where 0 takes a free one; "
            + "`--listen none` serves no status")
      ) { try await StatusServer.bind(server.address, pages) }
    }
  }

  @Test func `an address of another machine is an error that says what to do`() async throws {
    let pages = daemon.pages
    await #expect(
      throws: StatusFailure(
        "the status cannot be served on 192.0.2.1:0: this machine has no such address",
        hint: "name one of its own with `--listen HOST:PORT`")
    ) { try await StatusServer.bind(StatusAddress(host: "192.0.2.1", port: 0), pages) }
  }

  @Test func `a graceful shutdown answers what is asked, and then listens no more`() async throws {
    let server = try await StatusServer.bind(
      StatusAddress(host: "127.0.0.1", port: 0), daemon.pages)
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: server)], logger: WrittenLines().logger()))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let client = try await StatusClient.connect(to: server.address)
      let answer = try await client.exchange(
        "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", until: { $0.hasSuffix("\r\n\r\n") }
      ) {
        // The connection is idle, and is closed with the listener.
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
      }
      #expect(answer.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
    }
    await #expect(throws: (any Error).self) { try await StatusClient.connect(to: server.address) }
  }
}
