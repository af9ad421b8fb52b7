import Machine
import Networking
import Operations
import Running
import Testing

@Suite(.timeLimit(.minutes(20))) struct ExchangeTests {
  private let request = APIRequest(
    method: "GET", path: "/secret-path", query: [HTTPField("q", "secret")])

  @Test func `a request goes out as asked and its answer comes back whole`() async throws {
    try await Scene.http(answering: .ok("{\"a\":1}"), path: "/base") { transport, visits, origin in
      let answer = try await transport.exchange(
        APIRequest(
          method: "POST", path: "/a%2Fb",
          query: [HTTPField("scope[]", "x y&+%"), HTTPField("ü", "")],
          headers: [HTTPField("X-DPT-AUTHORIZATION", "T-1")], body: Array("k=v".utf8)))
      #expect(
        answer
          == APIResponse(
            status: 200, headers: [HTTPField("Content-Length", "7"), HTTPField("X-Test", "1")],
            body: Array("{\"a\":1}".utf8)))
      let lines = try #require(visits.requests.first)
        .split(separator: "\r\n", omittingEmptySubsequences: false)
      #expect(lines.first == "POST /base/a%2Fb?scope%5B%5D=x%20y%26%2B%25&%C3%BC= HTTP/1.1")
      #expect(
        Set(lines.dropFirst().map { $0.lowercased() }) == [
          "x-dpt-authorization: t-1", "host: \(origin.dropFirst("http://".count))",
          "content-length: 3", "accept-encoding: identity, gzip", "", "k=v",
        ])
    }
  }

  @Test func `two exchanges share a connection`() async throws {
    try await Scene.http(answering: .ok("1")) { transport, visits, _ in
      for _ in 1...2 { _ = try await transport.exchange(request) }
      #expect(visits.connections == 1)
      #expect(visits.requests.count == 2)
    }
  }

  @Test func `the first request takes a connection that was prepared, on which nothing was sent`()
    async throws
  {
    try await Scene.http(answering: .ok("1")) { transport, visits, _ in
      transport.prepare()
      while visits.connections == 0 { await Task.yield() }
      transport.prepare()
      #expect(visits.requests == [])
      for _ in 1...2 { _ = try await transport.exchange(request) }
      #expect(visits.connections == 1)
      #expect(visits.requests.count == 2)
    }
  }

  @Test func `a connection that cannot be prepared fails with the request`() async throws {
    try await Scene.transport { transport in
      transport.prepare()
      let failure = await #expect(throws: TransportFailure.self) {
        try await transport.exchange(request)
      }
      #expect(failure?.kind == .unreachable)
    }
  }

  @Test func `no more connections are made than are allowed`() async throws {
    var options = TransportOptions()
    options.connectionsPerHost = 2
    try await Scene.http(answering: .ok("1"), options: options) { transport, visits, _ in
      try await withThrowingTaskGroup { group in
        for _ in 1...20 { group.addTask { try await transport.exchange(request) } }
        try await group.waitForAll()
      }
      #expect(visits.requests.count == 20)
      #expect((1...2).contains(visits.connections))
    }
  }

  @Test func `a connection that the server will close is not used again`() async throws {
    let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    try await Scene.http(answering: .bytes(answer)) { transport, visits, _ in
      for _ in 1...2 { _ = try await transport.exchange(request) }
      #expect(visits.connections == 2)
    }
  }

  @Test func `a request that finds no free connection in time was not sent`() async throws {
    var options = TransportOptions()
    options.connectionsPerHost = 1
    // Long enough for the one that has the connection to leave, however busy the machine is.
    options.exchangeTimeout = .seconds(4)
    try await Scene.http(answering: .silence, options: options) { transport, visits, origin in
      let failures = await withTaskGroup(of: TransportFailure?.self) { group in
        for _ in 1...2 {
          group.addTask { await failure { _ = try await transport.exchange(request) } }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let expected = [false, true].map {
        TransportFailure(
          .timedOut, "\(origin) did not answer within 4.0 seconds", mayHaveBeenSent: $0)
      }
      #expect(Set(failures) == Set(expected))
      #expect(visits.requests.count == 1)
    }
  }

  @Test func `a request that waits past its instant does not leave`() async throws {
    var options = TransportOptions()
    options.connectionsPerHost = 1
    options.exchangeTimeout = .seconds(4)
    try await Scene.http(answering: .silence, options: options) { transport, visits, _ in
      async let first = failure { _ = try await transport.exchange(request) }
      // The first has the only connection once it is seen; until then both wait, and either may be sent.
      while visits.requests.isEmpty { await Task.yield() }
      let late = await failure {
        _ = try await transport.exchange(
          request, moving: PayloadTransfer().leaving(within: .nanoseconds(1)))
      }
      #expect(late?.mayHaveBeenSent == false)
      #expect(await first?.mayHaveBeenSent == true)
      #expect(visits.requests.count == 1)
    }
  }

  @Test func `bytes after a response are no response to a request that waits`() async throws {
    var options = TransportOptions()
    options.connectionsPerHost = 1
    let response = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
    try await Scene.http(
      answering: .bytes("\(response)1\(response)2"), options: options
    ) { transport, visits, _ in
      async let first = transport.exchange(request).body
      async let second = transport.exchange(request).body
      let bodies = try await [first, second]
      #expect(bodies == [Array("1".utf8), Array("1".utf8)])
      #expect(visits.connections == 2)
    }
  }

  @Test func `a request is begun without a task that waits for the response`() async throws {
    try await Scene.http(answering: .ok("1")) { transport, _, _ in
      let response = try await withCheckedThrowingContinuation { continuation in
        #expect(transport.begin(request, leavingWithin: nil) { continuation.resume(with: $0) })
      }
      #expect(response.body == Array("1".utf8))
    }
  }

  @Test(
    arguments: [
      (APIRequest(method: "GET", path: "/", headers: [HTTPField("A", "b\r\nC: d")]), "a header"),
      (APIRequest(method: "GET", path: "/", headers: [HTTPField("A\n", "b")]), "a header"),
      (APIRequest(method: "GET", path: "/", headers: [HTTPField("", "b")]), "a header"),
      (APIRequest(method: "GET", path: "/a b"), "an address"),
      (APIRequest(method: "GET", path: "/a\r\nHost: b"), "an address"),
      (APIRequest(method: "GE T", path: "/"), "an address"),
    ])
  func `a request that would be another message is not sent`(
    request: APIRequest, part: String
  ) async throws {
    try await Scene.http(answering: .ok("1")) { transport, visits, origin in
      let seen = await failure { _ = try await transport.exchange(request) }
      #expect(seen?.kind == .protocolViolation)
      #expect(seen?.mayHaveBeenSent == false)
      #expect(seen?.message.hasPrefix("the request to \(origin) has \(part) that ") == true)
      #expect(visits.requests == [])
    }
  }

  @Test(arguments: [("POST", "content-length: 0"), ("GET", nil), ("DELETE", nil)])
  func `a method that anticipates a body has a length without one`(
    method: String, header: String?
  ) async throws {
    try await Scene.http(answering: .ok("1")) { transport, visits, _ in
      _ = try await transport.exchange(
        APIRequest(method: method, path: "/", headers: [HTTPField("Content-Length", "7")]))
      let lengths = visits.requests.joined().split(separator: "\r\n").map { $0.lowercased() }
        .filter { $0.hasPrefix("content-length") }
      #expect(lengths == [header].compactMap { $0 })
    }
  }

  @Test(arguments: [301, 302, 307])
  func `a redirect is an answer and is not followed`(status: Int) async throws {
    let redirect = "HTTP/1.1 \(status) Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
    try await Scene.http(answering: .bytes(redirect)) { transport, visits, _ in
      let answer = try await transport.exchange(request)
      #expect(answer.status == status)
      #expect(answer.header("location") == "/other")
      #expect(visits.requests.count == 1)
    }
  }

  @Test func `an address the service named is used as it is`() async throws {
    try await Scene.http(answering: .ok("1")) { transport, visits, origin in
      let url = "\(origin)/d%2F1?auth=a%2Bb%3D&c[]=%z ü#part"
      _ = try await transport.exchange(
        APIRequest(endpoint: .url(url), method: "GET", path: "/ignored"))
      let line = visits.requests.first?.prefix { !$0.isNewline }
      #expect(line == "GET /d%2F1?auth=a%2Bb%3D&c%5B%5D=%25z%20%C3%BC HTTP/1.1")
    }
  }

  @Test(arguments: [
    ("file:///etc/passwd", "is neither http nor https"),
    ("http://user:secret@127.0.0.1/", "must not hold a user name or password"),
    ("http://", "has no valid host"),
  ])
  func `an address of another kind is not used`(url: String, complaint: String) async throws {
    let seen = await failure {
      try await Scene.transport { transport in
        _ = try await transport.exchange(
          APIRequest(endpoint: .url(url), method: "GET", path: ""))
      }
    }
    #expect(
      seen
        == TransportFailure(
          .protocolViolation, "the address that the service named \(complaint)",
          mayHaveBeenSent: false))
  }

  @Test func `an address on another host gets no credentials`() async throws {
    try await Scene.http(answering: .ok("1")) { transport, visits, origin in
      let headers = [HTTPField("X-DPT-AUTHORIZATION", "T-1"), HTTPField("Accept", "*/*")]
      let port = origin.split(separator: ":").last ?? ""
      for host in ["127.0.0.1", "localhost"] {
        _ = try await transport.exchange(
          APIRequest(
            endpoint: .url("http://\(host):\(port)/d"), method: "GET", path: "", headers: headers))
      }
      #expect(visits.requests.map { $0.contains("T-1") } == [true, false])
      #expect(visits.requests.allSatisfy { $0.lowercased().contains("accept: */*") })
    }
  }

  @Test func `an address without TLS is refused where the API has it`() async throws {
    let seen = await failure {
      try await Scene.transport(http: "https://127.0.0.1:1") { transport in
        _ = try await transport.exchange(
          APIRequest(endpoint: .url("http://127.0.0.1:2/secret"), method: "GET", path: ""))
      }
    }
    #expect(
      seen
        == TransportFailure(
          .protocolViolation,
          "the service named an address at http://127.0.0.1:2, which is not encrypted, while the "
            + "API is https", mayHaveBeenSent: false, hint: seen?.hint))
  }

  @Test func `a port where nobody listens is unreachable`() async throws {
    try await DeafPort.held { port in
      let origin = "http://127.0.0.1:\(port)"
      let seen = await failure {
        try await Scene.transport(http: origin) { _ = try await $0.exchange(request) }
      }
      #expect(
        seen
          == TransportFailure(
            .unreachable, "\(origin) refused the connection", mayHaveBeenSent: false))
    }
  }

  @Test(arguments: [
    ("closed without an answer", CannedAnswer.closing(after: ""), "broken"),
    ("closed within the head", .closing(after: "HTTP/1.1 200 OK\r\nX-Te"), "broken"),
    (
      "closed within the body",
      .closing(after: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a"), "broken"
    ),
    (
      "closed within a chunk",
      .closing(after: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "broken"
    ),
    ("not HTTP", .closing(after: "SSH-2.0-OpenSSH_9.2\r\n\r\n"), "protocol-violation"),
    ("announced as too large", .ok("123456789"), "too-large"),
    (
      "too large in chunks",
      .bytes(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "5\r\n12345\r\n4\r\n6789\r\n0\r\n\r\n"), "too-large"
    ),
    ("no answer", .silence, "timed-out"),
    (
      "no end of the answer", .bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12"), "timed-out"
    ),
  ])
  func `no whole answer is a failure`(
    name: String, answer: CannedAnswer, kind: String
  ) async throws {
    var options = TransportOptions()
    options.answerLimit = 8
    if kind == "timed-out" { options.exchangeTimeout = .seconds(4) }
    try await Scene.http(answering: answer, options: options) { transport, _, origin in
      let seen = await failure { _ = try await transport.exchange(request) }
      let message =
        switch seen?.kind {
        case .broken: "\(origin) closed the connection before its answer was whole"
        case .protocolViolation: "\(origin) did not answer in HTTP"
        case .tooLarge: "the answer of \(origin) is larger than 8 bytes"
        default: "\(origin) did not answer within 4.0 seconds"
        }
      var expected = TransportFailure.Kind(rawValue: kind).map {
        TransportFailure($0, message, mayHaveBeenSent: true)
      }
      expected?.head = seen?.head
      #expect(seen == expected)
    }
  }

  @Test(
    arguments: [
      (CannedAnswer.closing(after: "HTTP/1.1 202 Accepted\r\nX-Dpt-Cab-Id: c-1\r\nX-Te"), nil),
      (
        .bytes("HTTP/1.1 202 Accepted\r\nX-Dpt-Cab-Id: c-1\r\nContent-Length: 7\r\n\r\n[\"c"),
        202
      ),
      (.bytes("HTTP/1.1 422 No\r\nX-Dpt-Cab-Id: c-1\r\nContent-Length: 7\r\n\r\n{"), 422),
      (.ok("123456789"), nil),
    ] as [(CannedAnswer, Int?)])
  func `the head of an answer that was cut is kept`(
    _ answer: CannedAnswer, _ status: Int?
  ) async throws {
    var options = TransportOptions()
    options.answerLimit = 8
    // Long enough for the head to come on a busy machine; the rest never does.
    options.exchangeTimeout = .seconds(3)
    try await Scene.http(answering: answer, options: options) { transport, _, _ in
      let seen = await failure { _ = try await transport.exchange(request) }
      #expect(seen?.head?.status == status)
      #expect(seen?.head?.header("X-Dpt-Cab-Id") == status.map { _ in "c-1" })
      #expect(seen?.head?.body ?? [] == [])
    }
  }

  @Test func `a download may be larger than another answer`() async throws {
    var options = TransportOptions()
    options.answerLimit = 2
    options.downloadLimit = 3
    try await Scene.http(answering: .ok("123"), options: options) { transport, _, _ in
      let download = APIRequest(endpoint: .downstream, method: "GET", path: "/")
      let answer = try await transport.exchange(download)
      #expect(answer.body == Array("123".utf8))
      let seen = await failure { _ = try await transport.exchange(request) }
      #expect(seen?.kind == .tooLarge)
    }
  }

  @Test func `a cancelled exchange ends`() async throws {
    try await Scene.http(answering: .silence) { transport, _, origin in
      let seen = await withTaskGroup(of: TransportFailure?.self) { group in
        group.addTask { await failure { _ = try await transport.exchange(request) } }
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(
        seen
          == TransportFailure(
            .broken, "the exchange with \(origin) was cancelled", mayHaveBeenSent: true))
    }
  }
}
