import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// What reports of a run say of what was undone.
@Suite struct UndoReportTests {
  private static func step(_ id: String) -> StepPath { StepPath(components: [.step(id)]) }

  /// A run that changed a, b and c; b is undone, a could not be, and nothing undoes c.
  private static let events: [RunEvent] = {
    var start = RunStart(
      run: SampleRun.run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1,
      version: "1")
    start.pinned = PinnedPlan(
      files: "f", description: "d", outline: "o", path: "p.yaml", folder: "/")
    let failure = Failure(.local, "no")
    func undo(_ id: String, _ result: StepResult) -> [RunEvent.Kind] {
      let path = StepPath(components: [.undo, .step(id)])
      return [
        .stepStarted(path, StepSummary(kind: .block, title: "undo \(id.dropFirst(2))")),
        .stepFinished(path, result),
      ]
    }
    var kinds: [RunEvent.Kind] = [.runStarted(start)]
    for id in ["a", "b", "c"] {
      kinds += [
        .stepStarted(step(id), StepSummary(kind: .call, title: id)),
        .stepFinished(step(id), StepResult(outcome: .succeeded)),
      ]
    }
    let end = WorkEnd(result: StepResult(outcome: .failed, failure: failure))
    kinds.append(
      .undoing(.root, Undoing(end: end, steps: [step("b"), step("a")], kept: [step("c")])))
    kinds += undo("1-b", StepResult(outcome: .succeeded))
    kinds += undo("2-a", StepResult(outcome: .failed, failure: failure))
    kinds.append(.runFinished(RunResult(outcome: .failed, failure: failure)))
    return kinds.enumerated().map { sequence, kind in
      RunEvent(sequence: sequence, at: SampleRun.beginning, kind: kind)
    }
  }()

  private static let lines = ["undone: 1 of 2", "not undone: `a`", "left as changed: `c`"]

  @Test func `the end of a run says how much was undone, and what was not`() {
    let written = Written()
    var recorder = SummaryRecorder(style: TerminalStyle(), reads: [], write: written.write)
    for event in Self.events { recorder.record(event) }
    for line in Self.lines { #expect(written.all.contains(line)) }
    #expect(RunDetail(Self.events).text(TerminalStyle()).contains("undone    1 of 2"))
  }

  @Test func `a run as JSON has it, too`() {
    #expect(
      RunDetail(Self.events).json.contains(
        #""undone":{"count":2,"done":1,"failed":["a"],"kept":["c"]}"#))
    #expect(!RunDetail(SampleRun.events).json.contains("undone"))
  }

  @Test func `a run that was undone is not to be continued`() {
    #expect(RunTree(Self.events).overview.wasUndone)
    #expect(NextCommands(RunTree(Self.events).overview, journal: nil) == nil)
    #expect(!RunTree(Self.events.dropLast()).overview.wasUndone)
  }

  /// Until the run is over, further changes may be undone below it.
  @Test func `what undoes a run is not over before the run`() throws {
    let tree = RunTree(Self.events.dropLast(3))
    let root = try #require(tree.roots.last)
    #expect(tree.nodes[root].path.components == [.undo])
    #expect(!tree.isDone(root))
  }
}
