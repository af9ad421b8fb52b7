import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// How a person finds the path of a step, and names a step by it.
@Suite struct StepPathTests {
  private static let enrol = StepPath(components: [
    .step("devices"), .iteration(0), .step("enrol"),
  ])
  private static let tidy = StepPath(components: [.step("upload"), .rescue, .step("tidy")])

  @Test(
    arguments: [
      ("devices[0]/enrol", .step(enrol)), ("devices[0]", .step(enrol)),
      ("devices", .step(StepPath(components: [.step("devices")]))), ("tidy", .step(tidy)),
      (
        "prepare.left",
        .step(StepPath(components: [.step("prepare"), .branch("left"), .step("fetch")]))
      ),
      (
        "enrol",
        .several([
          enrol, StepPath(components: [.step("devices"), .iteration(1), .step("enrol")]),
        ])
      ),
      ("upload/rescue", .aftermath(of: StepPath(components: [.step("upload")]))),
      ("devices[2]", .unknown), ("device", .unknown), ("", .unknown),
    ] as [(String, StepChoice)])
  func `a step is named by its path, its id, or the round it begins`(
    text: String, choice: StepChoice
  ) {
    #expect(RunTree(SampleRun.events).step(named: text) == choice)
  }

  /// The paths that a text shows.
  private static func paths(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.first == "path" ? words.last.map(String.init) : nil
    }
  }

  @Test func `paths are shown of steps that did not end well, or of all`() {
    let open = RunDetail(SampleRun.events).text(TerminalStyle())
    #expect(Self.paths(in: open) == ["upload/exchange", "upload/rescue/tidy"])
    let all = RunDetail(SampleRun.events, paths: .all).text(TerminalStyle())
    #expect(
      Self.paths(in: all) == [
        "backup", "profile", "devices", "devices[0]", "devices[0]/enrol", "devices[1]",
        "devices[1]/enrol", "prepare", "prepare.left", "prepare.left/fetch", "vote", "pause",
        "upload", "upload/exchange", "upload/rescue/tidy", "upload/always/close",
      ])
  }

  private static let step = StepPath(components: [.step("group"), .step("a")])

  /// A run whose step sent a request of `operation` and, where there is one, got `answer`.
  private static func inFlight(_ operation: String, _ answer: RequestAnswer?) -> [RunEvent] {
    var start = RunStart(
      run: SampleRun.run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1,
      version: "1")
    start.pinned = PinnedPlan(
      files: "f", description: "d", outline: "o", path: "p.yaml", folder: "/")
    let intent = RequestIntent(
      attempt: 1, operation: operation, method: "POST", path: "/a", arguments: [:])
    let kinds: [RunEvent.Kind] =
      [
        .runStarted(start),
        .stepStarted(step, StepSummary(kind: .call, title: "a", subject: operation)),
        .requestIntended(step, intent),
      ] + (answer.map { [.requestAnswered(step, $0)] } ?? [])
    return kinds.enumerated().map { sequence, kind in
      RunEvent(sequence: sequence, at: SampleRun.beginning + .seconds(sequence), kind: kind)
    }
  }

  @Test(
    arguments: [
      (
        "device.request-unique-identifier", nil, "whether the request had its effect", 2,
        "`privirun resolve 7k2m9q0d4x1z` looks with `device.retrieve-profile-devices`"
      ),
      (
        "unknown.operation", nil, "whether the request had its effect", 2,
        "no read shows it: look at the service, then run `privirun resume 7k2m9q0d4x1z --assume "
          + "group/a=done --result JSON`, or the same with not-done"
      ),
      (
        "utility.check-server-health", nil, "the response", 2,
        "`privirun resume 7k2m9q0d4x1z` sends the request again, which does no harm"
      ),
      (
        "unknown.operation", RequestAnswer(attempt: 1, status: 202, commandID: "c-1", body: nil),
        "the outcome of command c-1", 3, "`privirun resume 7k2m9q0d4x1z` requests it"
      ),
      (
        "unknown.operation", RequestAnswer(attempt: 1, status: 500, body: nil),
        "whether the request had its effect", 3,
        "no read shows it: look at the service, then run `privirun resume 7k2m9q0d4x1z --assume "
          + "group/a=done --result JSON`, or the same with not-done"
      ),
    ] as [(String, RequestAnswer?, String, Int, String)])
  func `of a request in flight it is shown what is unknown, since when, and what finds it out`(
    operation: String, answer: RequestAnswer?, unknown: String, second: Int, next: String
  ) throws {
    let events = Self.inFlight(operation, answer)
    let api = try APIDescription.embedded()
    let lines = RunDetail(events, RunProgress(.interrupted), api: api).text(TerminalStyle())
      .split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(lines.contains("path      group/a"))
    #expect(lines.contains("unknown   \(unknown), since 2026-01-01T00:00:0\(second).000000Z"))
    #expect(lines.contains("next      \(next)"))
  }

  @Test(
    arguments: [
      ("unknown.operation", RequestAnswer(attempt: 1, status: 409, body: nil), .interrupted),
      (
        "utility.check-server-health", RequestAnswer(attempt: 1, status: 200, body: nil),
        .interrupted
      ),
      ("unknown.operation", nil, .running), ("unknown.operation", nil, .damaged),
    ] as [(String, RequestAnswer?, RunProgress.State)])
  func `nothing is unknown of a request that was refused, that only read, or that is in progress`(
    operation: String, answer: RequestAnswer?, state: RunProgress.State
  ) throws {
    let detail = RunDetail(
      Self.inFlight(operation, answer), RunProgress(state), api: try APIDescription.embedded())
    #expect(!detail.text(TerminalStyle()).contains("unknown  "))
    #expect(!detail.json.contains("\"unknown\""))
  }
}
