import EventSamples
import Events
import Operations
import Testing

@testable import Reporting

@Suite struct HistoryTests {
  private static let runs = [
    RunSummary(
      run: SampleRun.drawn(1), playbook: "rollout\u{1B}[2J", file: "b.yaml",
      startedAt: SampleRun.beginning + .seconds(86_400),
      lastEventAt: SampleRun.beginning + .seconds(86_465), eventCount: 7),
    RunSummary(
      run: SampleRun.run, playbook: "onboard-tenant", file: "workflows/onboard-tenant.yaml",
      startedAt: SampleRun.beginning, lastEventAt: SampleRun.beginning + .milliseconds(1730),
      eventCount: 57, outcome: .failed),
  ]

  private static let beginning = SampleRun.beginning + .seconds(86_405)
  private static let now = SampleRun.beginning + .seconds(86_400 + 3 * 3600)

  @Test func `runs are a table`() {
    #expect(
      RunListing(Self.runs, at: Self.now).text(TerminalStyle()) == """
        RUN           STARTED               AGE  PLAYBOOK          OUTCOME     SINCE   ELAPSED    EVENTS
        \(SampleRun.drawn(1))  2026-01-02 00:00:00Z  3h   rollout\\u{1b}[2J  unfinished          1 min 5 s  7
        7k2m9q0d4x1z  2026-01-01 00:00:00Z  1d   onboard-tenant    failed      1d ago  1.7 s      57

        """)
  }

  @Test func `labels have a column of their own when a run has some`() {
    var runs = Self.runs
    runs[1].labels = [
      RunLabel(name: "tenant", value: "acme"), RunLabel(name: "b", value: "c\u{7}"),
    ]
    let lines = RunListing(runs, at: Self.now).text(TerminalStyle()).split(separator: "\n")
    #expect(lines[0].hasSuffix("EVENTS  LABELS"))
    #expect(lines[2].hasSuffix("57      tenant=acme b=c\\u{7}"))
    #expect(
      RunListing(runs, at: Self.now).json.contains(#""labels":{"tenant":"acme","b":"c\u0007"}"#))
  }

  @Test func `the labels of a run are shown with it`() {
    let events = Array(SampleRun.later.prefix(1))
    let text = RunDetail(events).text(TerminalStyle())
    #expect(text.contains("  label     tenant = acme\n  label     app.stage = a b\\u{1b}\n"))
    #expect(RunDetail(events).json.contains(#""labels":{"tenant":"acme","app.stage":"a b\u001b"}"#))
    let header = TreeRenderer(style: TerminalStyle()).header(RunTree(events), width: 120)
    #expect(header.first?.contains("tenant=acme app.stage=a b\\u{1b}") == true)
  }

  @Test func `no runs are a sentence`() {
    #expect(
      RunListing([], at: Self.now).text(TerminalStyle())
        == "no runs yet: `privirun run PLAYBOOK` makes one\n")
    #expect(RunListing([], at: Self.now).json == "{\"version\":1,\"runs\":[]}\n")
  }

  @Test func `runs are JSON`() {
    #expect(
      RunListing(Array(Self.runs.suffix(1)), at: Self.now).json == #"""
        {"version":1,"runs":[{"run":"7k2m9q0d4x1z","playbook":"onboard-tenant","file":"workflows/onboard-tenant.yaml","startedAt":"2026-01-01T00:00:00.000000Z","lastEventAt":"2026-01-01T00:00:01.730000Z","elapsedMilliseconds":1730,"events":57,"outcome":"failed","since":"2026-01-01T00:00:01.730000Z"}]}

        """#)
  }

  @Test func `one run is reported in full`() throws {
    let text = RunDetail(SampleRun.events).text(TerminalStyle())
    #expect(try text == Snapshot.kept("detail.txt", insteadOf: text))
  }

  @Test func `one run is JSON`() throws {
    let text = RunDetail(SampleRun.events).json
    #expect(try text == Snapshot.kept("detail.json", insteadOf: text))
  }

  @Test func `a run that was interrupted says so`() {
    let text = RunDetail(SampleRun.events.prefix(8)).text(TerminalStyle())
    #expect(text.contains("onboard-tenant  run 7k2m9q0d4x1z  unfinished\n"))
    #expect(text.contains("… profile  profile.register-new-profile  was in progress  28 ms\n"))
    #expect(
      text.hasSuffix(
        "the record ends here, at `profile`: the run is still in progress, or was interrupted\n"))
  }

  private static let driver = RunProgress.Driver(process: 4711, host: "build\u{1B}-3")

  @Test(
    arguments: [
      (.init(.running, by: driver), 8, "the run is in progress (process 4711 on build\\u{1b}-3)"),
      (
        .init(.waiting, by: driver), 8,
        "the run waits for a decision (running, process 4711 on build\\u{1b}-3)"
      ),
      (
        .init(.waiting), 8,
        "the run waits for a decision (no process drives it; "
          + "`privirun resume 7k2m9q0d4x1z --journal j.sqlite` continues it)"
      ),
      (
        .init(.interrupted), 8,
        "the run was interrupted; `privirun resume 7k2m9q0d4x1z --journal j.sqlite` continues it"
      ),
      (.init(.damaged), 8, "the record is damaged: what is intact ends here"),
      (.init(.damaged), 0, "the record is damaged: nothing in it is intact"),
    ] as [(RunProgress, Int, String)])
  func `a run that is not over says where it stands and who drives it`(
    progress: RunProgress, count: Int, ending: String
  ) throws {
    let last = try Self.lastLine(Self.pinned(SampleRun.events.prefix(count)), progress)
    let place = "the record ends here, at `profile`: "
    #expect(last == (progress.state == .damaged ? ending : place + ending))
  }

  private static func lastLine(
    _ events: some Sequence<RunEvent>, _ progress: RunProgress
  ) throws -> String {
    let detail = RunDetail(events, progress, journal: "j.sqlite")
    return String(
      try #require(detail.text(TerminalStyle()).split(separator: "\n").last))
  }

  /// The events of a run whose playbook was kept; `isOwnSandbox` is whether it called one.
  private static func pinned(
    _ events: some Sequence<RunEvent>, isOwnSandbox: Bool = false
  ) -> [RunEvent] {
    events.map { event in
      guard case .runStarted(var start) = event.kind else { return event }
      start.pinned = PinnedPlan(
        files: "f", description: "d", outline: "o", path: "a.yaml", folder: "/")
      var service = ServiceOrigins(api: "a", webSocket: "w", upstream: "u", downstream: "d")
      service.isOwnSandbox = isOwnSandbox
      start.service = service
      return RunEvent(sequence: event.sequence, at: event.at, kind: .runStarted(start))
    }
  }

  @Test func `a run that cannot be continued is not said to be resumable`() throws {
    let place =
      "the record ends here, at `profile`: the run was interrupted; it cannot be continued, "
    let events = SampleRun.events.prefix(8)
    #expect(
      try Self.lastLine(events, .init(.interrupted))
        == place + "because an older version of privirun did not keep its playbook")
    #expect(
      try Self.lastLine(Self.pinned(events, isOwnSandbox: true), .init(.interrupted))
        == place + "because its sandbox ended with its process")
  }

  @Test(
    arguments: [
      (
        .init(.waiting, by: driver, since: beginning),
        "waiting (running, process 4711 on build\\u{1b}-3)",
        #""progress":"waiting","driver":{"process":4711,"host":"build\u001b-3"},"since":"2026-01-02T00:00:05.000000Z""#
      ),
      (
        .init(.waiting, since: beginning), "waiting (no process drives it)",
        #""progress":"waiting","since":"2026-01-02T00:00:05.000000Z""#
      ),
      (
        .init(.running, by: driver, since: beginning), "running",
        #""progress":"running","driver":{"process":4711,"host":"build\u001b-3"},"since":"2026-01-02T00:00:05.000000Z""#
      ),
      (
        .init(.interrupted, since: beginning), "interrupted",
        #""progress":"interrupted","since":"2026-01-02T00:00:05.000000Z""#
      ),
      (.init(.damaged), "damaged", #""progress":"damaged""#),
    ] as [(RunProgress, String, String)])
  func `a list of runs says who drives them and since when they stand there`(
    progress: RunProgress, word: String, json: String
  ) {
    let run = Self.runs[0]
    let listing = RunListing([run], [run.run: progress], at: Self.now)
    #expect(
      listing.text(TerminalStyle()).contains(
        "  \(word)  \(progress.since == nil ? "     " : "2h ago")  1 min 5 s"))
    #expect(
      listing.json == #"""
        {"version":1,"runs":[{"run":"\#(run.run)","playbook":"rollout\u001b[2J","file":"b.yaml","startedAt":"2026-01-02T00:00:00.000000Z","lastEventAt":"2026-01-02T00:01:05.000000Z","elapsedMilliseconds":65000,"events":7,\#(json)}]}

        """#)
    #expect(RunDetail(SampleRun.events.prefix(8), progress).json.contains(json))
  }

  @Test func `the requests of an attempt stand before its failure`() throws {
    let lines = RunDetail(SampleRun.events).text(TerminalStyle()).split(separator: "\n")
    let enrol = try #require(lines.firstIndex { $0.contains("✓ Enrol the device") })
    let facts = lines[(enrol + 1)...].prefix(7).map { $0.split(separator: " ").first ?? "" }
    #expect(
      facts == ["request", "arguments", "response", "failed", "request", "arguments", "response"])
  }
}
