import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Synchronization
import Testing

@Suite("Requested data")
struct DataTests {
  private static let key = [UInt8](repeating: 7, count: 32)
  private static let keyText = Hexadecimal.encode(key)

  private func world(
    key: String = keyText, service: ServiceOrigins? = nil
  ) throws -> World {
    try World(
      try PlannedText.plan(
        """
        session: {username: u, password: p-of-u-1}
        inputs: {key: {type: secret}}
        steps: [{id: a, call: data, with: {key: "${{ inputs.key }}"}}]
        """, inputs: ["key": .secret(text: key)]), service: service)
  }

  private static func message(_ type: Int, _ body: String) -> World.Happening {
    .say(
      #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"r-1","data_context":"ctx","output_type":\#(type),"body":"\#(body)"}}"#
    )
  }

  private static func sealed(_ text: String) throws -> [UInt8] {
    try Envelope.seal(Array(text.utf8), key: key, iv: [UInt8](repeating: 1, count: 12))
  }

  @Test func `inline data is what authenticates under the key, not a notice that looks like it`()
    throws
  {
    var world = try world()
    let sealed = try Self.sealed("hello")
    let decoy = Base64.encode([UInt8](repeating: 3, count: 40))
    world.schedule(Self.message(0, "The vote is open"), at: .seconds(1))
    world.schedule(Self.message(0, decoy), at: .seconds(2))
    world.schedule(Self.message(0, Base64.encode(sealed)), at: .seconds(3))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "a")?[field: "data"] == .bytes(sealed))
    #expect(world.value(of: "a")?[field: "context"] == "ctx")
    #expect(!world.outsideText.contains(Self.keyText))
  }

  @Test func `an address is downloaded`() throws {
    var world = try world()
    world.reply = { what, _, _ in what == "GET https://down/x?auth=1" ? .ok("payload") : nil }
    world.schedule(Self.message(1, "https://down/x?auth=1"), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "a")?[field: "data"] == .bytes(Array("payload".utf8)))
  }

  @Test(arguments: [
    ("https://cdn.test/x?auth=1", "https://cdn.test"),
    ("HTTPS://u:p@CDN.test:8443?auth=1", "https://cdn.test:8443"),
    ("https://down.test:9999/x", nil), ("http://[::1]:1/x", nil),
    ("http://[::2]:1/x", "http://[::2]:1"),
  ])
  func `a payload on a host that is not configured is noted at the step`(
    url: String, origin: String?
  ) throws {
    var world = try world(
      service: ServiceOrigins(
        api: "https://api.test:443", webSocket: "wss://api.test:8083",
        upstream: "http://[::1]:8010", downstream: "https://down.test:8011"))
    world.reply = { what, _, _ in what == "GET \(url)" ? .ok("payload") : nil }
    world.schedule(Self.message(1, url), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    let notices = world.events.compactMap { event in
      if case .stepFinished(_, let result) = event.kind { result.notice } else { nil }
    }
    let expected = origin.map {
      "the service named `\($0)` for a payload, which is no configured host: no credentials are sent "
        + "there"
    }
    #expect(notices == [expected].compactMap(\.self))
  }

  @Test(
    arguments: [
      #"{"data":{"type":"STREAM-READY","id":"r-1"}}"#,
      #"{"data":{"type":"STREAM-READY","requestId":"r-1"}}"#,
      #"{"data":{"type":"STREAM-READY"}}"#,
    ], [1500, 500])
  func `an auth value is tried at once and again when the stream is ready`(
    _ ready: String, _ milliseconds: Int
  ) throws {
    var world = try world()
    world.reply = { what, count, _ in
      guard what == "GET /" else { return nil }
      return count == 1 ? .answer(404, "{}", after: .milliseconds(1000)) : .ok("payload")
    }
    world.schedule(Self.message(1, "auth-value"), at: .milliseconds(100))
    world.schedule(.say(ready), at: .milliseconds(milliseconds))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("GET /") == 2)
    #expect(world.requests.last { $0.path == "/" }?.query == [HTTPField("auth", "auth-value")])
  }

  @Test func `a stream address of its own wins`() throws {
    var world = try world()
    world.schedule(
      .say(#"{"data":{"type":"STREAM-READY","requestId":"r-1","streamUrl":"https://s/1"}}"#),
      at: .seconds(1))
    world.reply = { what, _, _ in what == "GET https://s/1" ? .ok("payload") : nil }
    #expect(try world.run().outcome == .succeeded)
  }

  @Test func `a stream that is ready before anything else was said is fetched when it can be`()
    throws
  {
    var world = try world()
    world.schedule(.say(#"{"data":{"type":"STREAM-READY","id":"r-1"}}"#), at: .milliseconds(50))
    world.schedule(Self.message(0, "The vote is over"), at: .milliseconds(60))
    world.schedule(Self.message(1, "auth-value"), at: .milliseconds(100))
    world.reply = { what, count, _ in
      what == "GET /" ? count == 1 ? .answer(404, "{}") : .ok("payload") : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("GET /") == 2)
    #expect(world.elapsed < .seconds(1))
  }

  @Test func `the address of a ready stream is taken once the value before it was refused`() throws
  {
    var world = try world()
    world.schedule(Self.message(1, "auth-value"), at: .milliseconds(100))
    world.schedule(
      .say(#"{"data":{"type":"STREAM-READY","requestId":"r-1","streamUrl":"https://s/1"}}"#),
      at: .milliseconds(200))
    world.reply = { what, _, _ in
      switch what {
      case "GET /": .answer(404, "{}", after: .milliseconds(500))
      case "GET https://s/1": .ok("payload")
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "a")?[field: "data"] == .bytes(Array("payload".utf8)))
    #expect(world.elapsed < .seconds(1))
  }

  @Test func `a stream that is ready for nobody in particular is tried by all who wait for one`()
    throws
  {
    let plan = try PlannedText.plan(
      """
      session: {username: u, password: p-of-u-1}
      steps:
        - id: both
          parallel: {left: [{id: a, call: data}], right: [{id: b, call: data}]}
      """)
    var world = try World(plan)
    let request = { (id: String) in
      World.Reply.answer(202, "{}", headers: [HTTPField("X-Dpt-Cab-Request-Id", id)])
    }
    world.reply = { what, count, _ in
      switch what {
      case "POST /data": request("r-\(count)")
      case "GET /" where count <= 2: .answer(404, "{}")
      case "GET /": .ok("payload")
      case _: nil
      }
    }
    for id in ["r-1", "r-2"] {
      let text =
        #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"\#(id)","output_type":1,"body":"auth-\#(id)"}}"#
      world.schedule(.say(text), at: .milliseconds(100))
    }
    world.schedule(.say(#"{"data":{"type":"STREAM-READY"}}"#), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("GET /") == 4)
  }

  @Test func `bytes that do not open under the key are reported when nothing else comes`() throws {
    var world = try world()
    world.schedule(
      Self.message(0, Base64.encode([UInt8](repeating: 3, count: 64))), at: .seconds(1))
    let result = try world.run()
    #expect(result.failure?.kind == .timeout)
    #expect(
      result.failure?.hint
        == "bytes came that do not open under the step's `key`: is it the one they were sealed with?"
    )
  }

  @Test func `a download that is refused for good fails the step`() throws {
    var world = try world()
    world.reply = { what, _, _ in what == "GET https://down/x" ? .answer(404, "{}") : nil }
    world.schedule(Self.message(1, "https://down/x"), at: .seconds(1))
    let result = try world.run()
    #expect(result.failure?.message == "the download was refused: HTTP 404 without a reason")
    #expect(result.outcome == .failed)
  }

  @Test func `data lost with the socket is requested again`() throws {
    var world = try world()
    let sealed = Base64.encode(try Self.sealed("hello"))
    world.schedule(.drop, at: .seconds(1))
    world.schedule(Self.message(0, sealed), at: .seconds(4))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /data") == 2)
  }

  @Test func `data whose message was lost is requested again once its command succeeded`() throws {
    var world = try world()
    world.reply = { what, count, _ in
      switch what {
      case "POST /data":
        .answer(
          202, "{}",
          headers: [HTTPField("X-Dpt-Cab-Request-Id", "r-1"), HTTPField("X-Dpt-Cab-Id", "c-1")])
      case "GET /status/c-1": count < 3 ? nil : .ok(#""succeeded""#)
      case _: nil
      }
    }
    world.schedule(Self.message(0, Base64.encode(try Self.sealed("hello"))), at: .seconds(60))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /data") >= 2 && world.count("POST /data") <= 9)
  }

  @Test func `data that never comes ends with the step's time`() throws {
    var world = try world()
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .timeout)
    #expect(world.count("POST /data") == 4)
    #expect(world.elapsed < .seconds(125))
  }

  /// The same call, its data going to a file.
  private func filing(
    service: ServiceOrigins? = nil,
    _ download: @escaping @Sendable (Int) -> World.Reply? = { _ in nil }
  ) throws -> World {
    var world = try World(
      try PlannedText.plan(
        """
        session: {username: u, password: p-of-u-1}
        inputs: {key: {type: secret}}
        steps: [{id: a, call: data, with: {key: "${{ inputs.key }}", to: out/a.txt}}]
        """, inputs: ["key": .secret(text: Self.keyText)]), service: service)
    world.reply = { what, count, _ in what == "GET /" ? download(count) : nil }
    return world
  }

  private static let fileValue: Value = [
    "path": "out/a.txt", "name": "a.txt", "extension": "txt", "size": 5,
  ]

  @Test func `a transfer of a file that does not end is named after 10 s`() throws {
    var world = try filing(
      service: ServiceOrigins(
        api: "http://api:1", webSocket: "ws://ws:2", upstream: "http://up:3",
        downstream: "http://down:4")
    ) { _ in .silence }
    world.schedule(Self.message(1, "auth-value"), at: .seconds(1))
    try world.run()
    let reports = world.events.compactMap { event -> ServiceChange? in
      guard case .serviceChanged("http://down:4", let change) = event.kind else { return nil }
      return change
    }
    #expect(
      reports.first
        == .silent(
          duration: .seconds(10), reason: "a file is being transferred", left: .seconds(109)))
  }

  @Test func `data inside a message is decrypted into the file that the call names`() throws {
    var world = try filing()
    let performed = Mutex<[ValueMap]>([])
    world.local = { action, arguments in
      #expect(action == .decryptData)
      performed.withLock { $0.append(arguments) }
      return .success(["file": Self.fileValue, "size": 5])
    }
    let sealed = try Self.sealed("hello")
    world.schedule(Self.message(0, Base64.encode(sealed)), at: .seconds(1))
    world.schedule(Self.message(0, Base64.encode(sealed)), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(
      performed.withLock { $0 } == [
        ["data": .bytes(sealed), "key": .secret(text: Self.keyText), "to": "out/a.txt"]
      ])
    #expect(world.value(of: "a")?[field: "file"] == Self.fileValue)
    #expect(world.value(of: "a")?[field: "size"] == 5)
    #expect(world.value(of: "a")?[field: "data"] == .null)
    #expect(!world.outsideText.contains(Self.keyText))
  }

  @Test func `data that cannot be put into its file fails the step`() throws {
    var world = try filing()
    world.local = { _, _ in .failure(LocalFailure("the disk is full", hint: "make room")) }
    world.schedule(
      Self.message(0, Base64.encode(try Self.sealed("hello"))), at: .seconds(1))
    let failure = try world.run().failure
    #expect(failure?.kind == .local)
    #expect(failure?.message == "the disk is full")
    #expect(failure?.hint == "make room")
  }

  @Test func `a download names the file and the key, and no event does`() throws {
    var world = try filing()
    world.schedule(Self.message(1, "auth-value"), at: .seconds(1))
    _ = try world.run()
    let request = world.requests.last { $0.path == "/" }
    #expect(request?.download == FileDownload(path: "out/a.txt", key: Secret(Self.keyText)))
    #expect(!world.outsideText.contains(Self.keyText))
  }

  @Test(arguments: [1500, 500])
  func `what is not the payload is tried again when the stream is ready`(_ ready: Int) throws {
    var world = try filing { count in
      count == 1 ? .failure(.notAuthentic, mayHaveBeenSent: true) : .ok("payload")
    }
    world.schedule(Self.message(1, "auth-value"), at: .milliseconds(1000))
    world.schedule(.say(#"{"data":{"type":"STREAM-READY","id":"r-1"}}"#), at: .milliseconds(ready))
    let result = try world.run()
    #expect(world.count("GET /") == 2)
    #expect(result.outcome == .succeeded)
  }

  @Test func `a key that never fits is reported when the stream was ready and when time is up`()
    throws
  {
    for ready in [true, false] {
      var world = try filing { _ in .failure(.notAuthentic, mayHaveBeenSent: true) }
      world.schedule(Self.message(1, "auth-value"), at: .milliseconds(1000))
      if ready {
        world.schedule(.say(#"{"data":{"type":"STREAM-READY","id":"r-1"}}"#), at: .seconds(2))
      }
      let failure = try world.run().failure
      #expect(failure?.kind == .malformed)
      #expect(failure?.message == "cut")
    }
  }
}
