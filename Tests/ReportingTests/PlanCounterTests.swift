import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Reporting

@Suite struct PlanCounterTests {
  private static func counter(_ events: some Sequence<RunEvent>) -> PlanCounter {
    var counter = PlanCounter()
    for event in events { counter.apply(event) }
    return counter
  }

  private static func counts(_ signs: PlanSign...) -> PlanCounts {
    signs.reduce(into: PlanCounts()) { $0.add($1) }
  }

  @Test(arguments: [
    ("", PlanCounts()), (": a call x", PlanCounts()),
    ("+ a call x\n= b call x\n. c call x", counts(.create, .unchanged, .skipped)),
    ("c a call x\n! b call x\n? c call x", counts(.conflict, .drift, .unknown)),
    // A group fails because of its step, and only that is counted.
    ("x g block\n+   a call x\nx   b call x", counts(.create, .failed)),
    ("x g block\nx   h block\nx     a call x", counts(.failed)),
    ("x g block\n+   a call x", counts(.create, .failed)),
    // What a rescue dealt with is no failure, and what was planned stays planned.
    ("t g block\nx   a call x\n+   b call x\n:   rescue\n~     c call x", counts(.create, .change)),
    ("t g block\nx   h block\nx     a call x", PlanCounts()),
    ("x g block\nt   h block\nx     a call x\nx   b call x", counts(.failed)),
    ("x g block\nt   h block\nx     a call x", counts(.failed)),
    (". g block\n- a call x\n- b call x", counts(.skipped, .remove, .remove)),
  ])
  func `signs are counted, and groups only for themselves`(drawing: String, counts: PlanCounts) {
    let events = DrawnPlan(drawing).events
    #expect(Self.counter(events).counts == counts)
    #expect(PlanReport(of: events).counts == counts)
  }

  @Test func `a counter has the counts of a report after each event`() {
    for events in SamplePlan.streams {
      var counter = PlanCounter()
      for (index, event) in events.enumerated() {
        counter.apply(event)
        #expect(counter.counts == PlanReport(of: events.prefix(index + 1)).counts)
      }
    }
  }

  /// A group whose first attempt is `first`, and whose second one is `second`.
  private static func retried(_ first: String, _ second: String) -> [RunEvent] {
    let (before, after) = (DrawnPlan(first).events, DrawnPlan(second).events)
    let group = StepPath(components: [.step("g")])
    let again = RunEvent.Kind.attemptStarted(group, attempt: 2)
    let kinds =
      before.dropLast(2).map(\.kind) + [again] + after.dropFirst(2).map(\.kind)
    return kinds.enumerated().map {
      RunEvent(sequence: $0, at: SampleRun.beginning + .milliseconds($0), kind: $1)
    }
  }

  @Test(arguments: [
    ("+   a call x", "=   a call x", counts(.unchanged)),
    ("x   a call x", "+   a call x", counts(.create)),
    ("+   a call x\nx   b call x", "=   a call x\n+   b call x", counts(.unchanged, .create)),
  ])
  func `only the last attempt counts`(first: String, second: String, counts: PlanCounts) {
    let events = Self.retried(": g block\n\(first)", ": g block\n\(second)")
    #expect(Self.counter(events).counts == counts)
    #expect(PlanReport(of: events).counts == counts)
  }

  @Test(
    arguments: [
      (.succeeded, false), (.failed, true), (.cancelled, true), (.inDoubt, true), (nil, false),
    ] as [(Outcome?, Bool)])
  func `a counter knows how the plan ended`(outcome: Outcome?, hasFailed: Bool) {
    let events = DrawnPlan("+ a call x", ending: RunResult(outcome: outcome ?? .succeeded)).events
    let counter = Self.counter(outcome == nil ? events.dropLast() : events[...])
    #expect(counter.outcome == outcome)
    #expect(counter.hasFailed == hasFailed)
    #expect(counter.counts == Self.counts(.create))
  }

  @Test(arguments: [
    (PlanCounts(), "0 to create, 0 to change, 0 to remove", ""),
    (
      counts(.create, .create, .change, .unknown, .unchanged),
      "2 to create, 1 to change, 0 to remove, 1 unknown, 1 unchanged",
      "2 to create, 1 to change, 1 unknown, 1 unchanged"
    ),
    (
      counts(.drift, .conflict, .skipped, .failed),
      "0 to create, 0 to change, 0 to remove, 1 differs and stays, 1 conflict, 1 skipped, 1 failed",
      "1 differs and stays, 1 conflict, 1 skipped, 1 failed"
    ),
    (
      counts(.drift, .drift, .conflict, .conflict),
      "0 to create, 0 to change, 0 to remove, 2 differ and stay, 2 conflicts",
      "2 differ and stay, 2 conflicts"
    ),
  ])
  func `counts are one line`(counts: PlanCounts, text: String, shortText: String) {
    #expect(counts.text == text)
    #expect(counts.shortText == shortText)
  }

  @Test func `counts add up`() {
    var sum = Self.counts(.create, .unchanged)
    sum.add(Self.counts(.create, .skipped))
    #expect(sum == Self.counts(.create, .create, .unchanged, .skipped))
    #expect(sum.total == 4)
    sum.remove(.create)
    sum.remove(.create)
    sum.remove(.create)
    #expect(sum == Self.counts(.unchanged, .skipped))
    #expect(!sum.hasWork)
    #expect(!sum.isEmpty)
  }
}
