import Events
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("A service that does not answer")
struct SilenceTests {
  private let service = ServiceOrigins(
    api: "http://api:1", webSocket: "ws://ws:2", upstream: "http://up:3", downstream: "http://d:4")

  private func world(_ steps: String) throws -> World {
    try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)"),
      service: service)
  }

  /// When an address was reported, and what of it.
  private func reports(_ world: World) -> [(Duration, String, ServiceChange)] {
    world.events.compactMap { event in
      guard case .serviceChanged(let address, let change) = event.kind else { return nil }
      return (event.at - Moment(nanoseconds: 0), address, change)
    }
  }

  @Test func `is named after 3 s and then every 10 s, until the step's timeout`() throws {
    var world = try world(
      "  - {id: a, call: login, session: none, with: {username: u, password: p-of-u-1}, timeout: 25s}"
    )
    world.reply = { _, _, _ in .silence }
    try world.run()
    let seen = reports(world)
    #expect(seen.map { $0.0 } == [.seconds(3), .seconds(13), .seconds(23)])
    #expect(
      seen.map { $0.2 } == [
        .silent(duration: .seconds(3), reason: nil, left: .seconds(22)),
        .silent(duration: .seconds(13), reason: nil, left: .seconds(12)),
        .silent(duration: .seconds(23), reason: nil, left: .seconds(2)),
      ])
  }

  @Test func `is named with the reason while a command is polled, and when it answers again`()
    throws
  {
    var world = try world("  - {id: a, call: command, timeout: 60s}")
    world.schedule(.drop, at: .seconds(2))
    world.connectFailure = { count in
      count == 1
        ? nil
        : TransportFailure(
          .unreachable, "ws://ws:2 refused the connection", mayHaveBeenSent: false)
    }
    world.reply = { what, count, _ in
      guard what.hasPrefix("GET /status") else { return nil }
      return count < 8 ? .failure(.unreachable, mayHaveBeenSent: false) : nil
    }
    try world.run()
    let seen = reports(world)
    #expect(seen.contains { $0.1 == "ws://ws:2" && $0.0 <= .seconds(6) })
    #expect(
      seen.contains {
        if case .silent(_, "refused the connection", _) = $0.2 { true } else { false }
      })
  }

  @Test func `is named when it opens the WebSocket and does not answer the join`() throws {
    var world = try world("  - {id: a, call: command, timeout: 60s}")
    world.frame = { _, _, _ in nil }
    try world.run()
    let seen = reports(world)
    #expect(seen.first?.1 == "ws://ws:2")
    #expect(
      seen.first?.2
        == .silent(
          duration: .seconds(3), reason: "the WebSocket is open, but the join has no response",
          left: .seconds(57) - .milliseconds(2)))
  }

  @Test func `an address that the service named is watched, too, without its path`() throws {
    var world = try world("  - {id: a, call: data, timeout: 25s}")
    world.reply = { what, _, _ in what.hasPrefix("GET https://down") ? .silence : nil }
    world.schedule(
      .say(
        #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"r-1","output_type":1,"body":"https://down/x?k=1"}}"#
      ), at: .seconds(1))
    try world.run()
    let seen = reports(world).filter { $0.1 == "https://down" }
    #expect(seen.map(\.0) == [4, 14, 24].map { .seconds($0) })
  }

  @Test func `is not named when it answers in time or fails for another reason`() throws {
    var world = try world(
      "  - {id: a, call: login, session: none, with: {username: u, password: p-of-u-1}}")
    world.reply = { what, count, _ in
      count < 3 ? .failure(.unreachable, mayHaveBeenSent: false) : .ok(after: .seconds(2))
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(reports(world).isEmpty)
  }
}
