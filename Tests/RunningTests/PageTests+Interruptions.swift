import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Testing

/// Interruptions and ends.
extension PageTests {
  @Test func `after an interruption at any event no page is read again`() throws {
    var whole = try Self.world(Self.loop())
    try whole.run()
    for count in 1..<whole.events.count {
      let events = Array(whole.events.prefix(count))
      var world = try whole.continued(after: events, downtime: .milliseconds(5))
      let read = events.filter { event in
        if case .stepFinished(let path, _) = event.kind {
          "\(path)".contains("page")
        } else {
          false
        }
      }
      #expect(try world.run().outputs == Self.all)
      let again = Self.reads(world).dropFirst(3)
      #expect(Array(again) == Array(["", "2", "3"].dropFirst(read.count)), "after event \(count)")
      #expect(Self.ends(world).count == 3)
    }
  }

  @Test(arguments: 1...14)
  func `a loop that is stopped while pages are read ends cancelled, and reads on`(_ stop: Int)
    throws
  {
    var first = try Self.world(Self.loop())
    first.schedule(.input(.cancel), at: .milliseconds(stop))
    let result = try first.run()
    guard result.outcome == .cancelled else {
      #expect(result.outputs == Self.all)
      return
    }
    #expect(first.outcomes.last.map { !$0.hasSuffix("succeeded") } ?? true)
    let read = Self.ends(first).filter { $0.hasSuffix("succeeded") }
    var second = try first.reopened()
    #expect(try second.run().outputs == Self.all)
    #expect(second.outcomes.last == "all succeeded")
    // What was in flight was not read.
    #expect(Self.ends(second).filter { $0.hasSuffix("succeeded") }.count == 3)
    #expect(Self.reads(second).suffix(3 - read.count) == ["", "2", "3"].suffix(3 - read.count))
  }

  @Test func `a run that failed at a page goes on with that page`() throws {
    var first = try Self.world(Self.loop())
    first.reply = { what, count, body in
      what == "POST /pages" && count == 2
        ? .answer(422, #"{"message":"no"}"#) : Self.reply()(what, count, body)
    }
    #expect(try first.run().outcome == .failed)
    var second = try first.reopened()
    #expect(try second.run().outputs == Self.all)
    #expect(Self.reads(second) == ["", "2", "2", "3"])
  }

  @Test func `a run that failed in a round goes on with the elements that it had`() throws {
    var first = try Self.world(Self.loop())
    first.reply = { what, count, body in
      what == "POST /harmless" && count == 3
        ? .answer(422, #"{"message":"no"}"#) : Self.reply()(what, count, body)
    }
    #expect(try first.run().outcome == .failed)
    var second = try first.reopened()
    second.reply = Self.reply(["": #"{"items":["new"]}"#])
    #expect(try second.run().outputs == Self.all)
    #expect(Self.reads(second) == ["", "2", "3"])
  }

  @Test func `a loop whose time is up while pages are read fails with that`() throws {
    var world = try Self.world(Self.loop(beside: ["timeout: 2s"]))
    world.reply = { what, count, body in
      what == "POST /pages" && count == 2 ? .silence : Self.reply()(what, count, body)
    }
    let result = try world.run()
    #expect(result.failure?.kind == .timeout)
    #expect(world.outcomes == ["all/page-1 succeeded", "all/page-2 cancelled", "all failed"])
  }

  @Test func `a rescue sees an empty list where no round began`() throws {
    var world = try Self.world(
      Self.loop(beside: [
        "on-failure: continue",
        "rescue: [{ id: r, call: harmless, with: { value: \"${{ size(steps.all) }}\" } }]",
      ]), pages: ["": #"{"items":7}"#])
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "all/rescue/r") == ["value": 0])
  }
}

/// Plans.
extension PageTests {
  @Test func `a plan reads the pages and foresees a round for each element`() throws {
    var world = try Self.world(Self.loop(), guidedBy: Guidance(planning: Planning()))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.reads(world) == ["", "2", "3"])
    #expect(world.count("POST /harmless") == 0)
    #expect(world.outcomes.filter { $0.hasPrefix("all[") }.count == 4)
  }

  @Test func `pages that depend on what is not known yet are left open`() throws {
    let steps = Self.loop(read: Self.read.replacing("${{ next }}", with: "${{ steps.u.value }}"))
      .replacing("steps:\n  - id: all", with: "steps:\n  - { id: u, call: unsafe }\n  - id: all")
    var world = try Self.world(steps, guidedBy: Guidance(planning: Planning()))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.reads(world) == [])
    #expect(world.outcomes == ["u succeeded", "all/page-1 succeeded", "all succeeded"])
    let end = world.events.compactMap { event in
      if case .stepFinished(let path, let result) = event.kind, path.description == "all" {
        result.change
      } else {
        nil
      }
    }
    #expect(end.map(\.kind) == [.unknown])
    #expect(end.first?.reason == "it depends on `all/page-1`")
  }
}
