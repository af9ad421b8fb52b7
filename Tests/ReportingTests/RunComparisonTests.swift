import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct RunComparisonTests {
  private static func compared(
    _ events: some Sequence<RunEvent>, _ progress: RunProgress? = nil,
    secrets: ComparedRun.Secrets = .unsealed
  ) -> ComparedRun {
    ComparedRun(events, progress, secrets: secrets)
  }

  /// The sample run a day later, with `change` made to what happened.
  private static func later(_ change: (inout RunEvent.Kind) -> Void = { _ in }) -> [RunEvent] {
    SampleRun.events.map { event in
      var event = event
      event.at = event.at + .seconds(86_400)
      change(&event.kind)
      return event
    }
  }

  /// The sample run as it might end another time: other inputs, another failure, a slow step, other
  /// values and other secrets.
  private static let other: [RunEvent] = later { kind in
    switch kind {
    case .runStarted(var start):
      start.run = SampleRun.drawn(1)
      start.planDigest = "00"
      start.labels = [RunLabel(name: "tenant", value: "a\u{1B}b")]
      start.inputs["password"] = .secret(text: PlantedSecrets.token)
      start.inputs["stores"] = ["vault-b"]
      kind = .runStarted(start)
    case .stepFinished(let path, var result):
      switch path.description {
      case "profile":
        result.value = ["id": 8, "token": .secret(text: PlantedSecrets.password)]
      case "devices[1]/enrol": result.outcome = .succeeded
      case "upload/exchange":
        result.failure = Failure(.timeout, "no response within 2 s", status: 504)
      case _: break
      }
      kind = .stepFinished(path, result)
    case _: break
    }
  }

  @Test func `a run does not differ from itself, or from the same at another time`() {
    let comparison = RunComparison(
      Self.compared(SampleRun.events), Self.compared(Self.later()))
    #expect(!comparison.differs)
    #expect(comparison.counts == RunComparison.Counts(same: 13))
    #expect(
      comparison.text(TerminalStyle()) == """
        onboard-tenant  run 7k2m9q0d4x1z → 7k2m9q0d4x1z
          started   2026-01-01T00:00:00.000000Z → 2026-01-02T00:00:00.000000Z
          elapsed   1.7 s → 1.7 s
          outcome   failed

        13 steps are the same
        the runs do not differ

        """)
  }

  @Test func `two runs are compared in text`() throws {
    let comparison = RunComparison(
      Self.compared(SampleRun.events), Self.compared(Self.other))
    #expect(comparison.differs)
    let text = comparison.text(TerminalStyle())
    #expect(try text == Snapshot.kept("comparison.txt", insteadOf: text))
  }

  @Test func `two runs are compared in JSON`() throws {
    let comparison = RunComparison(
      Self.compared(SampleRun.events), Self.compared(Self.other))
    let text = comparison.json(.everything)
    #expect(try text == Snapshot.kept("comparison.json", insteadOf: text))
  }

  @Test(arguments: [ComparedRun.Secrets.unsealed, .masked])
  func `no secret is in a comparison`(secrets: ComparedRun.Secrets) {
    let comparison = RunComparison(
      Self.compared(SampleRun.events), Self.compared(Self.other, secrets: secrets))
    let text =
      comparison.text(TerminalStyle(color: .ansi), .everything, values: .full)
      + comparison.json(.everything) + "\(comparison)" + String(reflecting: comparison)
    #expect(PlantedSecrets.spellings.filter(text.contains) == [])
    #expect(text.contains("secrets were not compared") == (secrets == .masked))
    #expect(text.contains("differs (secret)") == (secrets == .unsealed))
  }

  @Test func `what is secret in one of two runs is masked in both`() {
    let encoded = Base64.encode(Array(PlantedSecrets.reason.utf8))
    let other = Self.later { kind in
      guard case .stepFinished(let path, var result) = kind else { return }
      result.value = [
        "text": .string("a \(PlantedSecrets.password) b"), "encoded": .string(encoded),
        "bytes": .bytes(Array(PlantedSecrets.password.utf8)),
      ]
      kind = .stepFinished(path, result)
    }
    let first = SampleRun.events.map { event in
      var event = event
      if case .runStarted(var start) = event.kind {
        start.inputs["reason"] = .secret(text: PlantedSecrets.reason)
        event.kind = .runStarted(start)
      }
      return event
    }
    for comparison in [
      RunComparison(Self.compared(first), Self.compared(other)),
      RunComparison(Self.compared(other), Self.compared(first)),
    ] {
      let text =
        comparison.text(TerminalStyle(), .everything, values: .full)
        + comparison.json(.everything)
      #expect((PlantedSecrets.spellings + [encoded]).filter(text.contains) == [])
      #expect(text.contains("a ••• b"))
    }
  }

  @Test func `results and outputs can be left out`() {
    let other = Self.later { kind in
      switch kind {
      case .stepFinished(let path, var result):
        result.value = ["other": 1]
        kind = .stepFinished(path, result)
      case .runFinished(var result):
        result.outputs = [:]
        kind = .runFinished(result)
      case _: break
      }
    }
    let (first, second) = (Self.compared(SampleRun.events), Self.compared(other))
    #expect(RunComparison(first, second).differs)
    #expect(!RunComparison(first, second, results: .leftOut).differs)
  }

  private static let origins = ServiceOrigins(
    api: "http://127.0.0.1:1", webSocket: "ws://127.0.0.1:2", upstream: "http://127.0.0.1:3",
    downstream: "http://127.0.0.1:4")

  private static func run(at service: ServiceOrigins?) -> ComparedRun {
    var start = DrawnRun.start("p")
    start.service = service
    return compared([RunEvent(sequence: 0, at: SampleRun.beginning, kind: .runStarted(start))])
  }

  @Test func `sandboxes that runs started for themselves do not differ`() {
    var (first, second) = (Self.origins, Self.origins)
    second.api = "http://127.0.0.1:5"
    #expect(
      RunComparison(Self.run(at: first), Self.run(at: second)).facts == [
        ComparedValue(
          name: "service.api",
          change: .changed(from: "http://127.0.0.1:1", to: "http://127.0.0.1:5"))
      ])
    (first.isOwnSandbox, second.isOwnSandbox) = (true, true)
    #expect(RunComparison(Self.run(at: first), Self.run(at: second)).facts == [])
  }

  @Test(
    arguments: [
      (nil, "unfinished"), (.init(.running), "running"), (.init(.waiting), "waiting"),
    ] as [(RunProgress?, String)])
  func `a run that is not over is compared as far as it came`(
    progress: RunProgress?, state: String
  ) {
    let comparison = RunComparison(
      Self.compared(SampleRun.events), Self.compared(SampleRun.events.prefix(5), progress))
    #expect(
      comparison.ending.first
        == ComparedValue(name: "outcome", change: .changed(from: "failed", to: .string(state))))
    #expect(comparison.counts == RunComparison.Counts(same: 1, different: 1, removed: 11))
    #expect(comparison.time == nil)
  }

  @Test func `a run without a first event has nothing to be compared`() {
    let comparison = RunComparison(
      Self.compared([], .init(.damaged)), Self.compared(DrawnRun("a call x").events))
    #expect(comparison.text(TerminalStyle()).hasPrefix("drawn  run (damaged) → 7k2m9q0d4x1z\n"))
    #expect(comparison.inputs == [])
  }

  @Test func `the failure of a group is not repeated where a step in it failed so`() {
    let second = "g play lib\n  a call x failed"
    let comparison = RunComparison(
      Self.compared(DrawnRun("g play lib\n  a call x").events),
      Self.compared(
        DrawnRun(second).events.map { event in
          guard case .stepFinished(let path, var result) = event.kind, path.depth == 1 else {
            return event
          }
          result = StepResult(outcome: .failed, failure: Failure(.rejected, "no"))
          return RunEvent(
            sequence: event.sequence, at: event.at, kind: .stepFinished(path, result))
        }))
    #expect(
      comparison.steps.map { [$0.side.label] + $0.differences.map(\.name) } == [
        ["g", "outcome"], ["g/a", "outcome", "failure.class", "failure.message"],
      ])
  }

  @Test func `a reason is shown whole, and a long value where it differs`() {
    let reason = String(repeating: "because ", count: 20)
    let other = Self.later { kind in
      guard case .stepFinished(let path, var result) = kind, result.failure != nil else { return }
      result.failure?.message = reason
      result.value = ["text": .string(reason)]
      kind = .stepFinished(path, result)
    }
    let (first, second) = (Self.compared(SampleRun.events), Self.compared(other))
    let text = RunComparison(first, second).text(TerminalStyle())
    #expect(text.contains("failure.message  the service refused the command → \(reason)\n"))
    #expect(text.contains("value.text       (none) → \(reason.prefix(60))…\n"))
    let full = RunComparison(first, second).text(TerminalStyle(), values: .full)
    #expect(full.contains("value.text       (none) → \(reason)\n"))
  }

  @Test func `many steps in a row that only one run has are counted`() {
    let steps = (1...12).map { "s\($0) call x\($0)" }.joined(separator: "\n")
    let comparison = RunComparison(
      Self.compared(DrawnRun("a call x").events),
      Self.compared(DrawnRun("a call x\n" + steps, plan: "q").events))
    let lines = comparison.text(TerminalStyle()).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("+ ") } == 5)
    #expect(lines.contains("… 7 more like these; --all shows them"))
    #expect(lines.contains("1 step is the same, 12 only in 7k2m9q0d4x1z"))
    let all = comparison.text(TerminalStyle(), .everything).split(separator: "\n")
    #expect(all.count { $0.hasPrefix("+ ") } == 12)
  }

  @Test func `only a notable time is marked, and it makes no difference`() {
    let first = DrawnRun("a call x\nb call y").events
    let second = first.map { event in
      var event = event
      if event.sequence > 1 { event.at = event.at + .seconds(1) }
      return event
    }
    let comparison = RunComparison(Self.compared(first), Self.compared(second))
    #expect(!comparison.differs)
    #expect(
      comparison.text(TerminalStyle(symbols: .ascii)) == """
        drawn  run 7k2m9q0d4x1z -> 7k2m9q0d4x1z
          started   2026-01-01T00:00:00.000000Z -> 2026-01-01T00:00:00.000000Z
          elapsed   5 ms -> 1.0 s (+1.0 s, +20000%)  slower
          outcome   succeeded

        = a  x
            time      1 ms -> 1.0 s (+1.0 s, +100000%)  slower

        2 steps are the same; 1 slower
        the runs do not differ

        """)
  }
}
