import Events
import Expressions
import Operations
import Playbooks
import Running
import Testing

/// Every row of the contract about messages, as a machine meets them (protocol.md §3, §13).
@Suite("Messages of the service")
struct MessageTests {
  private static func world(_ steps: String) throws -> World {
    try World(
      try PlannedText.plan("session: {username: u, password: planted-password}\nsteps:\n\(steps)"))
  }

  private static func verdicts(_ world: World) -> [CommandVerdict] {
    world.events.compactMap { event in
      if case .commandSettled(_, let verdict) = event.kind { verdict } else { nil }
    }
  }

  private static func changes(_ world: World) -> [SessionChange] {
    world.events.compactMap { event in
      if case .sessionChanged(_, let change) = event.kind { change } else { nil }
    }
  }

  // MARK: Join and leave

  @Test(arguments: [
    #"{"correlationId":"KEY","status":200,"data":{"channelId":"c","message":"Successfully joined profile channel."}}"#,
    #"{"status":200,"data":{"channelId":"c"}}"#, #"{"status":"200","data":{"channelId":17}}"#,
    #"{"status":200,"channelId":"c","data":{"correlationId":"KEY"}}"#,
    #"{"correlationId":"KEY","data":{"channelId":"c"}}"#,
  ])
  func `every answer to a join is understood`(_ answer: String) throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.frame = { action, correlation, count in
      action == "joinChannel"
        ? answer.replacing("KEY", with: correlation) : World.polite(action, correlation, count)
    }
    world.schedule(World.status("c-1", 2), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.connections == 1)
  }

  @Test(arguments: [
    #"{"correlationId":"other","status":200,"data":{"channelId":"c"}}"#, "not JSON", "[]",
    #"{"correlationId":"KEY"}"#, #"{"data":{"type":"NEWS","id":"c-1"}}"#,
  ])
  func `what is no answer to the join is passed over`(_ stray: String) throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.frame = { _, correlation, _ in stray.replacing("KEY", with: correlation) }
    #expect(
      try world.run().failure?.message == "the WebSocket did not answer the join within 10s")
    #expect(world.count("POST /command") == 0)
  }

  @Test(arguments: [
    #"{"correlationId":"KEY","status":200,"data":{"channelId":"c","message":"Successfully left profile channel."}}"#,
    #"{"status":200,"data":{"channelId":"c"}}"#,
    #"{"correlationId":"KEY","status":404,"data":{"message":"no channel is joined"}}"#,
  ])
  func `any answer to a leave ends the wait for it`(_ answer: String) throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.frame = { action, correlation, count in
      action == "leaveChannel"
        ? answer.replacing("KEY", with: correlation) : World.polite(action, correlation, count)
    }
    world.schedule(World.status("c-1", 2), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.elapsed < .milliseconds(1100))
    #expect(Self.changes(world).last == .closed)
  }

  @Test func `a channel that the service ends by itself is joined again`() throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.reply = { what, _, _ in
      what == "GET /status/c-1" ? .ok(#""succeeded""#, after: .milliseconds(5)) : nil
    }
    world.schedule(
      .say(#"{"status":200,"data":{"channelId":"c","message":"You have left the channel."}}"#),
      at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.connections == 2)
    #expect(
      Self.changes(world)
        == [
          .authenticated, .joined, .lost(reason: "the service ended the channel"), .joined, .closed,
        ])
  }

  // MARK: Commands

  /// What comes on the socket, in seconds after the start; the command's answer takes one.
  private static let roads: [[(String, Double)]] = [
    // Early, late, twice, with pendings before, between and after.
    [(status("c-1", "2"), 0.5)], [(status("c-1", "2"), 2)],
    [(status("c-1", "2"), 2), (status("c-1", "2"), 2.001), (status("c-1", "2"), 3)],
    [(status("c-1", "1"), 0.2), (status("c-1", "1"), 0.4), (status("c-1", "2"), 0.6)],
    [(status("c-1", "2"), 0.3), (status("c-1", "1"), 0.4)],
    [(status("c-1", "1"), 1.5), (status("c-1", "1"), 2), (status("c-1", "2"), 3)],
    // States as words and texts, other spellings, a body of any kind.
    [(status("c-1", #""2""#), 2)], [(status("c-1", #""Success""#), 2)],
    [(#"{"data":{"type":"x-dpt-cab-id","id":"c-1","commandStatus":2}}"#, 2)],
    [(#"{"data":{"type":"X-DPT-CAB-ID","id":"c-1","command_status":2,"body":{"a":[1]}}}"#, 2)],
    // Others' commands, unknown types and what is no message do not disturb.
    [
      (status("c-9", "3"), 0.5), (#"{"data":{"type":"NEWS","id":"c-1"}}"#, 0.6), ("{", 0.7),
      (#"{"data":{"type":"X-DPT-CAB-ID","id":"c-1","command_status":{}}}"#, 1.5),
      (#"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"c-1","output_type":1,"body":"x"}}"#, 1.6),
      (#"{"data":{"type":"STREAM-READY","id":"c-1"}}"#, 1.7), (status("c-9", "2"), 1.8),
      (status("c-1", "2"), 2),
    ],
  ]

  private static func status(_ id: String, _ state: String) -> String {
    #"{"data":{"type":"X-DPT-CAB-ID","id":"\#(id)","command_status":\#(state),"body":null}}"#
  }

  @Test(arguments: roads.indices)
  func `a command succeeds once however its messages come`(_ road: Int) throws {
    var world = try Self.world("  - {id: a, call: command}\n  - {id: w, wait: 5s}")
    world.reply = { what, _, _ in
      what == "POST /command" ? .answer(202, #"["c-1"]"#, after: .seconds(1)) : nil
    }
    for (text, at) in Self.roads[road] { world.schedule(.say(text), at: .seconds(at)) }
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.verdicts(world).map(\.state) == [.succeeded])
    #expect(Self.verdicts(world).map(\.means) == [.socket])
    #expect(world.count("GET /status/c-1") == 0)
    #expect(world.count("POST /command") == 1)
  }

  @Test(arguments: [
    (#"[7]"#, "7"), ("7", "7"), (#"{"commandId":7}"#, "7"), (#"{"id":"x-1"}"#, "x-1"),
    (#""x-1""#, "x-1"), ("x-1", "x-1"), (#"["x-1"]"#, "x-1"),
  ])
  func `ids are texts or numbers, on either way`(_ body: String, _ id: String) throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.reply = { what, _, _ in what == "POST /command" ? .answer(202, body) : nil }
    let sent = id == "7" ? "7" : #""\#(id)""#
    world.schedule(
      .say(#"{"data":{"type":"X-DPT-CAB-ID","id":\#(sent),"command_status":2}}"#), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.verdicts(world).map(\.commandID) == [id])
    #expect(world.elapsed < .seconds(2))
  }

  @Test func `a message on two sockets of one profile counts once`() throws {
    var world = try Self.world(
      """
        - id: both
          parallel:
            left: [{id: a, call: command}]
            right:
              - {id: b, call: repeatable, session: {access-token: planted-access}}
              - {id: w, wait: 4s}
      """)
    world.reply = { what, _, _ in what == "POST /repeatable" ? .command("c-2") : nil }
    for second in 1...3 {
      world.schedule(.sayToAll(Self.status("c-1", "2")), at: .seconds(second))
      world.schedule(.sayToAll(Self.status("c-2", "2")), at: .seconds(second))
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.connections == 2)
    #expect(Set(Self.verdicts(world).map(\.commandID)) == ["c-1", "c-2"])
    #expect(Self.verdicts(world).count == 2)
  }

  @Test(arguments: [
    ("3", #""profile.not_an_owner""#, "the command was rejected: profile.not_an_owner"),
    ("3", "null", "the command was rejected, without a reason"),
    ("7", "null", "the command ended with the unknown status `7`"),
    (#""archived""#, #""x""#, "the command ended with the unknown status `archived`: x"),
  ])
  func `an end that is no success fails with what was said`(
    _ state: String, _ body: String, _ message: String
  ) throws {
    var world = try Self.world("  - {id: a, call: command, retry: {attempts: 5, backoff: 10ms}}")
    world.schedule(
      .say(
        #"{"data":{"type":"X-DPT-CAB-ID","id":"c-1","command_status":\#(state),"body":\#(body)}}"#),
      at: .seconds(1))
    let result = try world.run()
    #expect(result.failure?.kind == .rejected)
    #expect(result.failure?.message == message)
    #expect(world.count("POST /command") == 1)
  }
}
