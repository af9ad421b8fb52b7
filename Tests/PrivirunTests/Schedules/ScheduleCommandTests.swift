import EventSamples
import Events
import Foundation
import GRDB
import Journaling
import Operations
import Testing

@testable import privirun

/// The commands that show and change the schedules of a journal, whether a daemon is active or not.
@Suite("Schedules", .timeLimit(.minutes(20)))
struct ScheduleCommandTests {
  private let journal: ScheduleFolder

  init() throws { journal = try ScheduleFolder() }

  private static let nobody =
    "no daemon is active on this journal: `privirun serve DIR` starts one\n"
  private static let later = #"{"at":["2200-01-01T03:00"],"timezone":"Europe/Stockholm"}"#

  private func fits(_ name: String, _ text: String) throws {
    let schema = try SchemaCheck(named: "\(name).schema.json")
    #expect(try schema.complaints(aboutDocument: text) == [], "\(text)")
  }

  /// Two schedules, of which one is paused.
  private func record() async throws {
    let due = try ScheduleFolder.at("2026-02-01T02:00:00Z")
    try await journal.record(
      "one", Self.later,
      ticks: [
        Tick(due: due, .ran(SampleRun.drawn(1)), decidedAt: due + .seconds(1)),
        Tick(due: due + .seconds(86_400), .missed, decidedAt: due + .seconds(90_000)),
      ])
    try await journal.record(
      "two", #"{"every":"30m","until":"2026-03-01T00:00:00Z"}"#,
      ticks: [
        Tick(due: due + .seconds(60), .triggered(nil, by: "bob"), decidedAt: due + .seconds(60))
      ]
    ) { state in
      state.pause = SchedulePause(since: due, cause: .person("anna", reason: "audit"))
      state.decidedThrough = due
      state.isActive = false
    }
  }

  @Test func `a list shows where each schedule stands, and that no daemon is active`()
    async throws
  {
    try await record()
    #expect(
      try await journal.output("schedule", "list").withoutAges == """
        SCHEDULE  STATE       NEXT DUE                        IN      LAST DUE                        VERDICT    WHEN                                  FILE                    NOTES
        one       active      2200-01-01 03:00:00 +01:00 CET  AGE  2026-02-02 03:00:00 +01:00 CET  missed     2200-01-01T03:00 in Europe/Stockholm  /srv/rollouts/one.yaml
        two       not served  none                                    2026-02-01 02:01:00 +00:00 UTC  triggered  every 30m                             /srv/rollouts/two.yaml  since 2026-02-01 02:00:00Z by anna: audit

        """ + Self.nobody)
    try fits("schedules", try await journal.output("schedule", "list", "--output", "json"))
  }

  @Test func `a history is the verdicts of all schedules, newest first, or of one`() async throws {
    try await record()
    let all = try await journal.output("schedule", "history", "--output", "json")
    try fits("ticks", all)
    let verdicts = try RecordedStatus.object(all).list("ticks").map { tick in
      "\(tick["schedule"] ?? "") \(tick["verdict"] ?? "")"
    }
    #expect(verdicts == ["one missed", "two triggered", "one ran"])
    #expect(
      try await journal.output("schedule", "history", "one", "--limit", "1") == """
        DUE                   LOCAL TIME                      SCHEDULE  VERDICT  ROLLOUT  DECIDED               AFTER      NOTES
        2026-02-02 02:00:00Z  2026-02-02 03:00:00 +01:00 CET  one       missed            2026-02-02 03:00:00Z  1 h 0 min  no daemon was active

        """)
  }

  @Test func `a history is read page by page`() async throws {
    let start = try ScheduleFolder.at("2026-02-01T00:00:00Z")
    for (index, name) in ["one", "two", "three"].enumerated() {
      try await journal.record(
        name, #"{"every":"1m"}"#,
        ticks: (0..<250).map { minute in
          let due = start + .seconds(60 * minute + index)
          return Tick(due: due, .paused, decidedAt: due)
        })
    }
    let all = try await journal.output("schedule", "history", "--output", "json", "--limit", "700")
    let due = try RecordedStatus.object(all).list("ticks").compactMap { $0["due"] as? String }
    #expect(due.count == 700)
    #expect(due == due.sorted(by: >))
    #expect(Set(due).count == 700)
  }

  @Test func `the next instants name the schedules that are not served`() async throws {
    try await record()
    try fits("next", try await journal.output("schedule", "next", "--output", "json"))
    #expect(
      try await journal.output("schedule", "next", "one", "two", "one").withoutAges == """
        DUE                   LOCAL TIME                      IN      SCHEDULE  STATE
        2200-01-01 02:00:00Z  2200-01-01 03:00:00 +01:00 CET  AGE  one       active
        not served: two

        """)
  }

  @Test func `a pause is recorded once, with the first reason, until it is ended`() async throws {
    try await journal.record("one", Self.later)
    let paused = try await journal.output("schedule", "pause", "one", "--reason", "audit")
    #expect(
      paused.withoutMoments == """
        schedule one: paused since TIME by USER: audit
        no rollout is started until `privirun schedule resume one`

        """ + Self.nobody)
    let again = try await journal.output("schedule", "pause", "one", "--reason", "other")
    #expect(
      again.withoutMoments == "schedule one: already paused, since TIME by USER: audit\n"
        + Self.nobody)
    #expect(try await journal.output("schedule", "list").contains("audit"))
    #expect(
      try await journal.output("schedule", "resume", "one") == """
        schedule one: no longer paused
        next due 2200-01-01 03:00:00 +01:00 CET

        """ + Self.nobody)
    #expect(
      try await journal.output("schedule", "resume", "one").hasPrefix("schedule one: not paused\n"))
    for command in ["pause", "pause", "resume", "resume", "trigger"] {
      try fits(
        "schedule-change", try await journal.output("schedule", command, "one", "--output", "json"))
    }
  }

  @Test func `of several who pause at once, one is the first`() async throws {
    try await journal.record("one", Self.later)
    let changes = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let output = try await journal.output("schedule", "pause", "one", "--output", "json")
          return try RecordedStatus.object(output)["change"] as? String ?? ""
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(changes.sorted() == ["already-paused", "already-paused", "already-paused", "paused"])
  }

  @Test func `what was due during a pause without a process is not caught up`() async throws {
    let since = try ScheduleFolder.at("2026-02-01T00:00:30Z")
    try await journal.record("one", #"{"every":"1h","until":"2026-02-01T03:00:00Z"}"#) { state in
      state.decidedThrough = since
      state.pause = SchedulePause(since: since, cause: .person("anna", reason: nil))
    }
    #expect(try await journal.output("schedule", "list").contains("3 instants due since"))
    #expect(
      try await journal.output("schedule", "resume", "one") == """
        schedule one: no longer paused
        nothing is due

        """ + Self.nobody)
    let history = try await journal.output("schedule", "history", "one", "--output", "json")
    let ticks = try RecordedStatus.object(history).list("ticks")
    #expect(ticks.map { $0["verdict"] as? String } == ["paused", "paused", "paused"])
    #expect(!(try await journal.output("schedule", "list").contains("no verdict")))
  }

  @Test func `a trigger waits for the process that acts, which is named`() async throws {
    try await journal.record("one", Self.later)
    #expect(
      try await journal.output("schedule", "trigger", "one") == """
        schedule one: trigger recorded
        the rollout starts once a daemon is active

        """ + Self.nobody)
    #expect(try await journal.output("schedule", "list").contains("1 trigger waits"))
    let acting = try journal.journal()
    #expect(try await acting.takeLease(lapsed: nil) == .taken(epoch: 1))
    #expect(
      try await journal.output("schedule", "trigger", "one") == """
        schedule one: trigger recorded
        process 1 on here starts the rollout within a second

        """)
    let list = try await journal.output("schedule", "list")
    #expect(list.contains("2 triggers wait"))
    #expect(list.hasSuffix("\nactive daemon: process 1 on here\n"))
    let page = try await acting.schedules(after: .start)
    #expect(page.triggers.map(\.schedule) == ["one", "one"])
  }

  @Test func `no trigger waits for a schedule that is not served`() async throws {
    try await journal.record("one", Self.later) { $0.isActive = false }
    #expect(
      try await journal.run("schedule", "trigger", "one")
        == Ended(
          status: 2,
          errors: """
            privirun: the schedule `one` is not served: no daemon would start its rollout
              hint: give `/srv/rollouts/one.yaml` to `privirun serve`, or run it with `privirun rollout run`

            """))
    #expect(try await journal.journal().schedules(after: .start).triggers == [])
  }

  @Test func `a hundred triggers of a schedule wait at most`() async throws {
    try await journal.record("one", Self.later)
    let writer = try journal.journal()
    let now = try ScheduleFolder.at("2026-02-01T00:00:00Z")
    for _ in 0..<100 { try await writer.trigger("one", at: now, by: "bob") }
    #expect(
      try await journal.run("schedule", "trigger", "one")
        == Ended(
          status: 2,
          errors: """
            privirun: 100 triggers of the schedule `one` are waiting already
              hint: `privirun schedule list` shows whether a daemon is active

            """))
    #expect(try await writer.schedules(after: .start).triggers.count == 100)
  }

  @Test func `a process that does not renew its lease is said to be silent`() async throws {
    try await journal.record("one", Self.later)
    let acting = try journal.journal()
    #expect(try await acting.takeLease(lapsed: nil) == .taken(epoch: 1))
    try await journal.edit("UPDATE lease SET beat = beat - 43")
    let list = try await journal.output("schedule", "list")
    #expect(
      list.contains(
        #/\nactive daemon: process 1 on here, which has not renewed its lease for \d+ (s|min.*)\n$/#
      ))
    let json = try await journal.output("schedule", "list", "--output", "json")
    try fits("schedules", json)
    #expect(json.contains(#/"silentMilliseconds":[4-9]\d{4}|"silentMilliseconds":\d{6}/#))
    _ = try await acting.renewLease(epoch: 1)
    #expect(!(try await journal.output("schedule", "list").contains("renew")))
  }

  @Test func `a schedule whose ledger was altered is named, and begins anew once it is forgotten`()
    async throws
  {
    try await record()
    try await journal.edit("UPDATE schedules SET epoch = 9 WHERE name = 'one'")
    let list = try await journal.output("schedule", "list")
    #expect(list.contains("\ntwo ") && !list.contains("\none "))
    #expect(
      list.contains(
        """

        nothing is decided about `one`: the ledger of the schedule `one` is not intact: its state was altered
          hint: `privirun schedule forget one` lets it begin anew

        """))
    try fits("schedules", try await journal.output("schedule", "list", "--output", "json"))
    let trigger = try await journal.run("schedule", "trigger", "one")
    #expect(trigger.status != 0 && trigger.errors.contains("is not intact"))
    let history = try await journal.run("schedule", "history", "one")
    #expect(history.status == 2)
    #expect(
      history.errors.hasSuffix(
        "hint: `privirun journal check` shows what is intact, and `privirun schedule forget one` lets "
          + "the schedule begin anew\n"))
    let kept = try await journal.run("schedule", "forget", "two")
    #expect(kept.status == 2)
    #expect(kept.errors.contains("the ledger of the schedule `two` can be used, and is kept"))
    #expect(
      try await journal.output("schedule", "forget", "one") == """
        schedule one: forgotten, and 2 verdicts removed
        it begins anew once its file is served

        """ + Self.nobody)
    #expect(try await journal.output("schedule", "list").contains("\none       not served "))
    // A number that can be no count hides no other schedule either.
    try await journal.edit("UPDATE schedules SET version = -1 WHERE name = 'one'")
    #expect(try await journal.output("schedule", "list").contains("\ntwo "))
    try fits(
      "schedule-change",
      try await journal.output("schedule", "forget", "one", "--output", "json"))
  }

  @Test func `under another key, a ledger is kept, and the list does not suggest to forget it`()
    async throws
  {
    try await record()
    let key = "\(journal.folder.path)/other.key"
    #expect(
      FileManager.default.createFile(
        atPath: key, contents: Data(repeating: 5, count: 32),
        attributes: [.posixPermissions: 0o600]))
    let list = try await journal.output("schedule", "list", "--journal-key", key)
    #expect(
      list.contains(
        """
        nothing is decided about `one`: the ledger of the schedule `one` was recorded under another key
          hint: put the right key file back, or name it with `--journal-key FILE`

        """))
    let forget = try await journal.run("schedule", "forget", "one", "--journal-key", key)
    #expect(forget.status != 0)
    #expect(forget.errors.contains("is not the one that this was recorded under"))
    let history = try await journal.output("schedule", "history", "one", "--output", "json")
    #expect(try RecordedStatus.object(history).list("ticks").count == 2)
  }

  @Test func `a schedule is named by its file, too, and a wrong name gets a hint`() async throws {
    try await journal.record("weekly-policy", Self.later)
    try journal.folder.write(
      "rollout: 1\nname: weekly-policy\nplaybook: p.yaml\ntenants: t.csv\n", to: "w.yaml")
    #expect(
      try await journal.output("schedule", "pause", "w.yaml").hasPrefix("schedule weekly-policy: "))
    #expect(
      try await journal.run("schedule", "pause", "weekly-polity")
        == Ended(
          status: 2,
          errors: """
            privirun: no schedule is called `weekly-polity`
              hint: did you mean `weekly-policy`?

            """))
    for command in ["history", "next", "resume", "trigger", "forget"] {
      let ended = try await journal.run("schedule", command, "nope")
      #expect(ended.status == 2)
      #expect(ended.output == "")
      #expect(ended.errors.hasPrefix("privirun: no schedule is called `nope`\n"))
    }
    try journal.folder.write(
      "rollout: 1\nname: once\nplaybook: p.yaml\ntenants: t.csv\n", to: "once.yaml")
    let once = try await journal.run("schedule", "trigger", "once.yaml")
    #expect(once.status == 2)
    #expect(once.errors.hasPrefix("privirun: the rollout file `once.yaml` has no schedule\n"))
    try journal.folder.write("rollout: 1\n", to: "bad.yaml")
    let bad = try await journal.run("schedule", "pause", "bad.yaml")
    #expect(bad.status == 2)
    #expect(bad.errors.contains("[missing-key]"))
  }

  @Test func `a journal that is not there is not made`() async throws {
    for command in [["list"], ["next"], ["history"], ["pause", "a"], ["trigger", "a"]] {
      let ended = try await Program.run(["schedule"] + command, in: journal.folder.path)
      #expect(ended.status == 2)
      #expect(
        ended.errors == """
          privirun: no journal at .privirun/journal.sqlite: nothing has been run here yet
            hint: `privirun serve FILE` makes one; `--journal FILE` names another

          """)
    }
    #expect(try journal.folder.bytes(below: ".") == [:])
  }

  @Test(arguments: ["list", "preview", "history", "next", "pause", "resume", "trigger", "forget"])
  func `each command has a page of help, and prints JSON on demand`(command: String) async throws {
    let help = try await journal.output("schedule", command, "--help")
    #expect(help.hasPrefix("OVERVIEW: "))
    #expect(help.contains("USAGE: privirun schedule \(command)"))
    #expect(help.contains("(values: text, json; default: text)"))
    #expect(help.contains("--journal <file>") == (command != "preview"))
  }

  @Test func `a rollout that a schedule started names its due instant`() async throws {
    let folder = try RolloutFolder(["ok"])
    #expect(try await folder.run("rollout", "run", "rollout.yaml").status == 0)
    let before = try await folder.run("rollout", "status", "kinds").output
    #expect(!before.contains("  schedule  "))
    let rollout = try #require(RunID(try await folder.status().rollout))
    let path = "\(folder.folder.path)/.privirun/journal.sqlite"
    var state = ScheduleState(
      name: "kinds", definition: Self.later, file: "/rollout.yaml",
      firstSeen: try ScheduleFolder.at("2026-01-01T00:00:00Z"))
    let due = try ScheduleFolder.at("2026-02-01T02:00:00Z")
    let ticks = [due, due + .seconds(60)].map {
      Tick(due: $0, .caughtUp(rollout), decidedAt: due + .seconds(90))
    }
    let overlap = Tick(
      due: due + .seconds(120), .skippedOverlap(rollout), decidedAt: due + .seconds(120))
    state.decidedThrough = due + .seconds(120)
    let change = LedgerChange(by: .person, to: state, ticks: ticks + [overlap])
    guard case .committed = try await SQLiteJournal.open(at: path).commit(JournalCommit(change))
    else { return #expect(Bool(false), "the ticks were not recorded") }
    let after = try await folder.run("rollout", "status", "kinds").output
    #expect(after.contains("  schedule  due 2026-02-01 03:01:00 +01:00 CET, caught up\n"))
    let json = try await folder.run("rollout", "status", "kinds", "--output", "json").output
    try fits("rollout-report", json)
    #expect(json.contains(#""verdict":"caught-up""#))
  }

  @Test func `schedules are offered for completion`() async throws {
    try await record()
    let path = "\(journal.folder.path)/.privirun/journal.sqlite"
    #expect(
      ShellCompletion.schedules(["schedule", "pause", "--journal", path], 2, "") == ["one", "two"])
  }
}

extension String {
  /// The same with the time to a far instant left open.
  fileprivate var withoutAges: String { replacing(#/\b\d+d {2}/#, with: "AGE  ") }
}
