import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("What the transport reports")
struct TransportAnswerTests {
  private func world(_ steps: String, service: ServiceOrigins? = nil) throws -> World {
    try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)"),
      service: service)
  }

  @Test(arguments: [
    ("  - {id: a, call: anonymous, session: none}", "POST /v1/anonymous"),
    ("  - {id: a, call: command}", "POST /v1/login"),
  ])
  func `a first request to a wrong path is named with the whole path`(
    step: String, request: String
  ) throws {
    var service = ServiceOrigins(
      api: "https://api.test:443", webSocket: "wss://api.test:8083",
      upstream: "https://api.test:8010", downstream: "https://api.test:8011")
    service.apiPath = "/v1"
    var world = try world(step, service: service)
    world.reply = { _, _, _ in .answer(404, #"{"message":"not found"}"#) }
    #expect(
      try world.run().failure?.hint
        == "the request was `\(request)`: check that --api-url leads to the API")
  }

  @Test func `a request that is refused after others were answered is not blamed on its path`()
    throws
  {
    var world = try world(
      "  - {id: a, call: unsafe}\n  - {id: b, call: unsafe}",
      service: ServiceOrigins(
        api: "https://api.test:443", webSocket: "wss://api.test:8083",
        upstream: "https://api.test:8010", downstream: "https://api.test:8011"))
    world.reply = { what, count, _ in
      what == "POST /unsafe" && count == 2 ? .answer(404, #"{"message":"not found"}"#) : nil
    }
    let failure = try world.run().failure
    #expect(failure?.message == "HTTP 404: not found")
    #expect(failure?.hint == nil)
  }

  @Test(arguments: [TransportFailure.Kind.untrusted, .otherHost])
  func `a certificate that is not accepted is tried once`(kind: TransportFailure.Kind) throws {
    var world = try world(
      """
        - id: a
          call: login
          session: none
          with: {username: u, password: p-of-u-1}
          retry: {attempts: 5, backoff: 1s, on: [network]}
      """)
    world.reply = { _, _, _ in .failure(kind, mayHaveBeenSent: false) }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(world.sent.count == 1)
  }

  @Test func `an unreachable WebSocket beside an API that answers is named with its option`() throws
  {
    var world = try world(
      "  - {id: a, call: command, retry: {attempts: 1}}",
      service: ServiceOrigins(
        api: "http://api:8009", webSocket: "ws://api:8083", upstream: "http://u:1",
        downstream: "http://d:1"))
    world.connectFailure = { _ in
      TransportFailure(
        .unreachable, "ws://api:8083 refused the connection", mayHaveBeenSent: false)
    }
    let failure = try world.run().failure
    #expect(failure?.message == "ws://api:8083 refused the connection")
    #expect(
      failure?.hint
        == "HTTP answers at http://api:8009, but there is no WebSocket at ws://api:8083: give its "
        + "address with `--ws-url`")
  }

  @Test func `two statuses in one frame end both commands without a poll`() throws {
    var world = try world(
      """
        - parallel:
            one: [{id: a, call: command}]
            two: [{id: b, call: command}]
      """)
    world.reply = { what, count, _ in
      what == "POST /command" ? .command("c-\(count)") : nil
    }
    world.schedule(
      .say(
        #"[{"data":{"type":"X-DPT-CAB-ID","id":"c-1","command_status":2}},"#
          + #"{"data":{"type":"X-DPT-CAB-ID","id":"c-2","command_status":2}}]"#), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.sent.allSatisfy { $0.at < .seconds(2) })
  }

  @Test func `a pause that is cut is reported with what the service asked for`() throws {
    var world = try world("  - {id: a, call: unsafe}")
    world.reply = { what, count, _ in
      what == "POST /unsafe" && count == 1
        ? .answer(429, "{}", headers: [HTTPField("Retry-After", "3600")]) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    let messages = world.events.compactMap { event in
      if case .attemptFailed(_, _, let failure, _) = event.kind { failure.message } else { nil }
    }
    #expect(
      messages.first?.hasSuffix("; the service asks for a pause of 1h, which is cut to 5m") == true)
  }
}
