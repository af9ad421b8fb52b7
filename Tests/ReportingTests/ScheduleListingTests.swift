import EventSamples
import Events
import Operations
import Schedules
import Testing

@testable import Reporting

/// Lists of schedules, of their due instants, and of what was decided.
@Suite struct ScheduleListingTests {
  private static let acting = RunProgress.Driver(process: 4711, host: "build-3")

  @Test func `schedules are a table, and the last line says who acts`() throws {
    let listing = ScheduleListing(
      try SampleSchedules.all, acting: Self.acting, at: try SampleSchedules.now)
    let text = listing.text(TerminalStyle())
    #expect(try text == Snapshot.kept("schedules.txt", insteadOf: text))
    #expect(!text.contains("\u{1B}"))
    #expect(try listing.json == Snapshot.kept("schedules.json", insteadOf: listing.json))
    let schema = try SchemaCheck(named: "schedules.schema.json")
    #expect(try schema.complaints(aboutDocument: listing.json) == [])
  }

  @Test(arguments: [
    (1, "it waits for decisions on 1 tenant"), (3, "it waits for decisions on 3 tenants"),
  ])
  func `a rollout that waits for people says so`(tenants: Int, words: String) throws {
    var item = try SampleSchedules.paused
    item.wait = .decisions(tenants: tenants)
    let now = try SampleSchedules.now
    #expect(item.notes(at: now).contains(words))
    let listing = ScheduleListing([item], acting: nil, at: now)
    #expect(listing.json.contains(#""waitsFor":{"kind":"decisions","tenants":\#(tenants)}"#))
    let schema = try SchemaCheck(named: "schedules.schema.json")
    #expect(try schema.complaints(aboutDocument: listing.json) == [])
  }

  @Test func `a schedule that a wrong clock put to sleep says so`() throws {
    var item = try SampleSchedules.weekly
    let now = try SampleSchedules.now
    item.state.decidedThrough = now + .seconds(86_400)
    #expect(item.notes(at: now) == [])
    item.state.decidedThrough = try SampleSchedules.at("2037-01-01T00:00:00Z")
    #expect(
      item.notes(at: now) == ["nothing is due before 2037-01-01 00:00:00Z: a clock was ahead"])
    item.state.isActive = false
    #expect(item.notes(at: now) == [])
  }

  @Test func `a journal without schedules says how there come to be some`() throws {
    let listing = ScheduleListing(
      [], acting: nil, journal: "a b.sqlite", at: try SampleSchedules.now)
    #expect(
      listing.text(TerminalStyle()) == """
        no schedules yet
        no daemon is active on this journal: `privirun serve DIR --journal 'a b.sqlite'` starts one

        """)
    #expect(listing.json == #"{"version":1,"schedules":[]}"# + "\n")
    let schema = try SchemaCheck(named: "schedules.schema.json")
    #expect(try schema.complaints(aboutDocument: listing.json) == [])
    #expect(try schema.complaints(aboutDocument: #"{"version":1}"#) != [])
  }

  @Test func `ticks are a table, and each verdict has its words`() throws {
    let listing = TickListing(try SampleSchedules.ticks)
    let text = listing.text(TerminalStyle())
    #expect(try text == Snapshot.kept("ticks.txt", insteadOf: text))
    #expect(try listing.json == Snapshot.kept("ticks.json", insteadOf: listing.json))
    let schema = try SchemaCheck(named: "ticks.schema.json")
    #expect(try schema.complaints(aboutDocument: listing.json) == [])
    #expect(try schema.complaints(aboutDocument: #"{"version":1,"ticks":[{}]}"#) != [])
    #expect(TickListing([]).text(TerminalStyle()) == "nothing was due yet\n")
  }

  @Test func `the next instants of all schedules are in the order of time`() throws {
    let listing = NextListing(try SampleSchedules.all, count: 6, at: try SampleSchedules.now)
    let text = listing.text(TerminalStyle())
    #expect(try text == Snapshot.kept("next.txt", insteadOf: text))
    #expect(try listing.json == Snapshot.kept("next.json", insteadOf: listing.json))
    let schema = try SchemaCheck(named: "next.schema.json")
    #expect(try schema.complaints(aboutDocument: listing.json) == [])
    let none = NextListing([try SampleSchedules.unserved], count: 6, at: try SampleSchedules.now)
    #expect(none.text(TerminalStyle()) == "nothing is due\nnot served: unserved\n")
    #expect(try schema.complaints(aboutDocument: none.json) == [])
  }

  @Test func `an instant whose start jitter puts off is still to come`() throws {
    var item = try SampleSchedules.weekly
    var schedule = try SampleSchedules.cron("0 12 * * *", in: "Europe/Stockholm")
    schedule.jitter = .seconds(3600)
    item.schedule = schedule
    let due = try SampleSchedules.now
    let start = due + schedule.delay(of: due, for: item.state.name)
    #expect(start > due)
    func first(at now: Moment) throws -> String {
      let listing = NextListing([item], count: 1, at: now).text(TerminalStyle())
      return String(listing.split(separator: "\n")[1].prefix(20))
    }
    #expect(try first(at: start) == "2027-03-01 11:00:00Z")
    #expect(try first(at: start + .nanoseconds(1)) == "2027-03-02 11:00:00Z")
    item.state.decidedThrough = due
    #expect(try first(at: due) == "2027-03-02 11:00:00Z")
  }

  private static let changes: [ScheduleReply.Change] = [
    .paused(SchedulePause(since: SampleRun.beginning, cause: .person("anna", reason: nil))),
    .alreadyPaused(SchedulePause(since: SampleRun.beginning, cause: .person("bob", reason: "x"))),
    .resumed, .notPaused, .triggered(by: "anna"),
  ]

  @Test func `a change is reported with what follows from it`() throws {
    let schema = try SchemaCheck(named: "schedule-change.schema.json")
    var text = ""
    for change in Self.changes {
      for item in try SampleSchedules.all {
        for acting in [Self.acting, nil] {
          let reply = ScheduleReply(
            change, of: item, acting: acting, journal: "j.sqlite", at: try SampleSchedules.now)
          text += reply.text(TerminalStyle()) + reply.json
          #expect(try schema.complaints(aboutDocument: reply.json) == [])
        }
      }
    }
    #expect(try text == Snapshot.kept("schedule-changes.txt", insteadOf: text))
    #expect(try schema.complaints(aboutDocument: #"{"version":1,"schedule":"a"}"#) != [])
  }
}
