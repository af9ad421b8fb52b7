import Diagnostics
import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// What is shown of a rollout while it is in progress.
@Suite struct RolloutProgressTests {
  private typealias Entry = (second: Int, run: RunID, kind: RunEvent.Kind)

  private static func run(_ index: Int) -> RunID { SampleRun.drawn(UInt64(index)) }

  private static func start(_ second: Int, _ index: Int, _ name: String) -> Entry {
    var start = DrawnRun.start("p")
    start.run = run(index)
    start.tenant = TenantReference(
      rollout: ReportedRollout.id, rolloutName: "onboard", name: name, index: index, locks: [name])
    return (second, run(index), .runStarted(start))
  }

  private static func end(_ second: Int, _ index: Int, _ failure: Failure? = nil) -> Entry {
    var result = RunResult(
      outcome: failure == nil ? .succeeded : .failed, failure: failure,
      failedStep: failure == nil ? nil : ReportedRollout.step)
    if failure == nil { result.changes.add(.create, count: 2) }
    return (second, run(index), .runFinished(result))
  }

  private static func own(_ second: Int, _ event: RolloutEvent) -> Entry {
    (second, ReportedRollout.id, .rollout(event))
  }

  private static let vote = StepPath(components: [.step("vote")])

  /// A rollout in the middle: two tenants ended, one waits for a vote, one could not be started.
  private static let beginning: [Entry] = [
    own(0, .started(ReportedRollout.start)), own(0, .stageStarted(stage: 1, tenants: 1)),
    start(0, 0, "acme"), end(12, 0), own(12, .stageProved(stage: 1)),
    own(12, .stageStarted(stage: 2, tenants: 9)), start(12, 1, "globex"), start(13, 2, "initech"),
    own(14, .tenantRefused(ReportedRollout.refusal)),
    (14, run(1), .stepStarted(vote, StepSummary(kind: .wait, title: "vote"))),
    (
      15, run(1),
      .stepWaiting(vote, .condition("x", answer: ["ballots": ["sent": 3, "yes": 1]]))
    ),
    end(31, 2, ReportedRollout.failure("d-1")),
  ]

  private static let ending: [Entry] = [
    end(60, 1),
    own(
      61,
      .finished(
        .init(outcome: .failed, counts: TenantCounts(), stop: .failures(count: 2, limit: 2)))),
  ]

  private static func events(_ entries: [Entry]) -> [(event: RunEvent, run: RunID)] {
    entries.enumerated().map { sequence, entry in
      (
        RunEvent(sequence: sequence, at: ReportedRollout.at(entry.second), kind: entry.kind),
        entry.run
      )
    }
  }

  private static func progress(_ entries: [Entry]) -> RolloutProgress {
    var progress = RolloutProgress()
    for (event, run) in events(entries) { progress.apply(event, of: run) }
    return progress
  }

  private static func output(
    _ entries: [Entry], _ recorder: (Written) -> any RolloutRecorder
  ) -> String {
    let written = Written()
    var recorder = recorder(written)
    for (event, run) in events(entries) { recorder.record(event, of: run) }
    return written.all
  }

  @Test func `tenants are counted by how they stand`() {
    let progress = Self.progress(Self.beginning)
    #expect(progress.counts.text == "1 succeeded, 2 failed, 1 running, 5 not started")
    #expect(progress.endedCount == 3)
    #expect(progress.doneText == "3 of 9 tenants (33 %)")
    #expect(progress.stageText == "stage 2 of 2")
    #expect(progress.waitsText == "waits for 1 vote")
    #expect(progress.slowest(3).map(\.name) == ["globex"])
    #expect(progress.reasons.entries.map(\.count) == [1, 1])
    #expect(progress.changes.text == "2 created")
  }

  @Test func `a tenant that runs again is no longer failed`() {
    var progress = Self.progress(Self.beginning)
    let resumption = RunResumption(owner: "o", epoch: 1, seed: 1, version: "1")
    progress.apply(
      RunEvent(sequence: 9, at: ReportedRollout.at(40), kind: .runResumed(resumption)),
      of: Self.run(2))
    #expect(progress.counts.text == "1 succeeded, 1 failed, 2 running, 5 not started")
    #expect(progress.reasons.entries.map { Array($0.tenants) } == [["wayne"]])
    progress.leave(Self.run(2), as: .waiting)
    #expect(progress.counts.text == "1 succeeded, 1 failed, 1 waiting, 1 running, 5 not started")
  }

  @Test func `what a run did counts once, however often it ends`() {
    var result = RunResult(outcome: .failed)
    result.changes.add(.create, count: 3)
    var progress = Self.progress([])
    let start = SampleRollout.tenantStart(Self.run(7), of: ReportedRollout.id, 7)
    let resumption = RunResumption(owner: "o", epoch: 1, seed: 1, version: "1")
    let kinds: [RunEvent.Kind] = [
      .runStarted(start), .runFinished(result), .runResumed(resumption), .runFinished(result),
    ]
    for (index, kind) in kinds.enumerated() {
      progress.apply(
        RunEvent(sequence: index, at: ReportedRollout.at(index), kind: kind), of: Self.run(7))
    }
    #expect(progress.changes.text == "3 created")
  }

  @Test func `what was recalled counts, and its time does not`() {
    var progress = RolloutProgress()
    for event in ReportedRollout.events() { progress.recall(event) }
    for row in ReportedRollout.rows { progress.recall(row) }
    #expect(progress.counts == ReportedRollout.counts)
    #expect(progress.elapsed == nil)
    let resumption = RolloutResumption(
      owner: "o", epoch: 1, version: "1", tenants: .unsuccessful)
    for second in [1000, 1007] {
      progress.apply(
        RunEvent(sequence: 9, at: ReportedRollout.at(second), kind: .rollout(.resumed(resumption))),
        of: ReportedRollout.id)
    }
    #expect(progress.elapsed == .seconds(7))
    #expect(progress.counts[.failed] == 2)
    #expect(progress.counts[.notStarted] == 2)
  }

  @Test func `a tenant whose run cannot be continued counts once`() throws {
    let refusal = TenantRefusal(tenant: "initech", index: 2, reason: "what it changed was undone")
    let resumption = RolloutResumption(
      owner: "o", epoch: 1, version: "1", tenants: .unsuccessful)
    let retried = [Self.own(40, .resumed(resumption)), Self.own(41, .tenantRefused(refusal))]
    let progress = Self.progress(Self.beginning + retried + retried)
    #expect(progress.counts.text == "1 succeeded, 1 failed, 1 running, 6 not started")
    #expect(progress.reasons.entries.map { Array($0.tenants) } == [["initech"]])

    var recalled = RolloutProgress()
    for (event, _) in Self.events([Self.beginning[0]] + retried) { recalled.recall(event) }
    let row = try #require(ReportedRollout.rows.first { $0.name == "initech" })
    recalled.recall(row)
    for (event, run) in Self.events(retried) { recalled.apply(event, of: run) }
    #expect(recalled.counts.text == "1 failed, 8 not started")
  }

  @Test func `the rate follows the latest ends, and falls while none ends`() throws {
    var rate = EndRate()
    for second in 0..<4 { rate.add(ReportedRollout.at(second * 10)) }
    #expect(rate.perMinute(at: ReportedRollout.at(40)) == nil)
    rate.add(ReportedRollout.at(40))
    #expect(rate.perMinute(at: ReportedRollout.at(50)) == 6)
    #expect(rate.perMinute(at: ReportedRollout.at(300)) == 1)
    for second in 0..<100 { rate.add(ReportedRollout.at(1000 + second)) }
    let perMinute = try #require(rate.perMinute(at: ReportedRollout.at(1100)))
    #expect(perMinute == 60)
  }

  @Test func `logs get a line for each tenant and for each change`() throws {
    let text = Self.output(Self.beginning + Self.ending) { written in
      RolloutPlainRecorder(
        style: TerminalStyle(), journal: "j.sqlite", interval: .seconds(10), write: written.write)
    }
    #expect(try text == Snapshot.kept("rollout-plain.txt", insteadOf: text))
  }

  @Test func `what a terminal shows in the middle and at the end`() throws {
    for (entries, file) in [
      (Self.beginning, "rollout-screen.txt"),
      (Self.beginning + Self.ending, "rollout-screen-end.txt"),
    ] {
      var screen = Screen(columns: 80)
      screen.show(
        Self.output(entries) { written in
          RolloutTerminalRecorder(
            style: TerminalStyle(), reportFile: "report.html",
            size: { TerminalSize(columns: 80, lines: 24) }, write: written.write)
        })
      #expect(try screen.text == Snapshot.kept(file, insteadOf: screen.text))
    }
  }

  @Test(arguments: [4, 8, 24], [20, 40, 120])
  func `no drawing is wider or taller than the terminal`(lines: Int, columns: Int) {
    let size = TerminalSize(columns: columns, lines: lines)
    var progress = RolloutProgress()
    for (event, run) in Self.events(Self.beginning) {
      progress.apply(event, of: run)
      let drawn = RolloutDrawing(style: TerminalStyle()).lines(progress, at: event.at, size: size)
      #expect(drawn.count < lines)
      #expect(drawn.allSatisfy { DisplayWidth.columns(of: $0) <= columns })
    }
  }

  @Test func `the end fits a screen however many reasons there are`() {
    var progress = RolloutProgress()
    for event in ReportedRollout.events() { progress.recall(event) }
    for row in ReportedRollout.rows { progress.recall(row) }
    let words = ["one", "two", "three", "four", "five", "six", "seven"]
    for (index, word) in words.enumerated() {
      var row = ReportedRollout.rows[2]
      row.name = "tenant-\(index)"
      row.run = SampleRun.drawn(UInt64(200 + index))
      row.failure = Failure(.rejected, "reason \(word)")
      progress.recall(row)
    }
    let ending = RolloutEnding(progress: progress, journal: nil, reportFile: nil)
    let lines = ending.lines(TerminalStyle())
    #expect(lines.count <= 24)
    #expect(lines.contains { $0.contains("more reasons") })
  }

  @Test func `lines of JSON name the rollout and the tenant`() {
    let lines = Self.output(Self.beginning) { written in
      RolloutJSONRecorder(rollout: ReportedRollout.id, write: written.write)
    }.split(separator: "\n")
    #expect(lines.count == Self.beginning.count)
    for (line, entry) in zip(lines, Self.beginning) {
      let isOwn = entry.run == ReportedRollout.id
      #expect(line.contains("\"run\":\"\(entry.run)\""))
      #expect(
        line.contains("\"rollout\":\"\(ReportedRollout.id)\",\"tenantName\":") == !isOwn)
    }
  }
}
