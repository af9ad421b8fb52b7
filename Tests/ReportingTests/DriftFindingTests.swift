import Events
import Expressions
import Operations
import Testing

@testable import Reporting

/// What differs between how a run left things and how a plan found them.
@Suite struct DriftFindingTests {
  private typealias Fields = ValueMap?

  private static func events(
    _ things: [(step: String, thing: ObservedThing?, change: StateChange)]
  ) -> [RunEvent] {
    things.flatMap { step, thing, change -> [RunEvent.Kind] in
      let path = StepPath(components: [.step(step)])
      return [
        .stepStarted(path, StepSummary(kind: .call, title: "Have \(step)", subject: "a.make")),
        .stepFinished(
          path, StepResult(outcome: .succeeded, change: change, observed: thing)),
      ]
    }.enumerated().map { number, kind in
      RunEvent(sequence: number, at: Moment(nanoseconds: 0), kind: kind)
    }
  }

  private static func thing(_ name: String, _ fields: ValueMap?) -> ObservedThing {
    ObservedThing(identity: ["name": .string(name)], fields: fields)
  }

  private static func item(
    _ kind: DriftedItem.Kind, _ differences: [Lookup.Difference] = [], reason: String? = nil
  ) -> DriftedItem {
    DriftedItem(
      path: StepPath(components: [.step("x")]), title: "Have x", operation: "a.make", kind: kind,
      differences: differences, reason: reason)
  }

  @Test(
    arguments: [
      (["size": 1], ["size": 1], []),
      (["size": 1], ["size": 2], [item(.changed, [.init(field: "size", asked: 1, found: 2)])]),
      (["size": 1], nil, [item(.removed)]),
      (nil, ["size": 1], [item(.added)]),
      (nil, nil, []),
      // What only one of both shows says nothing.
      (["size": 1], ["state": "on"], []),
    ] as [(ValueMap?, ValueMap?, [DriftedItem])])
  func `a thing is compared with how the run left it`(
    _ left: ValueMap?, _ found: ValueMap?, _ expected: [DriftedItem]
  ) {
    let before = Self.events([("x", Self.thing("n", left), StateChange(.create))])
    let now = Self.events([("x", Self.thing("n", found), StateChange(.unchanged))])
    #expect(DriftReport.items(left: before, found: now) == expected)
  }

  @Test func `what the run never saw, and what the plan did not read, is no drift`() {
    let before = Self.events([
      ("x", Self.thing("n", ["size": 1]), StateChange(.create)),
      ("y", nil, StateChange(.create)),
    ])
    let now = Self.events([
      ("x", Self.thing("other", ["size": 2]), StateChange(.unchanged)),
      ("y", Self.thing("m", ["size": 2]), StateChange(.unchanged)),
    ])
    #expect(DriftReport.items(left: before, found: now) == [])
  }

  @Test func `a second thing of the same name was added`() {
    let before = Self.events([("x", Self.thing("n", ["size": 1]), StateChange(.create))])
    let now = Self.events([("x", nil, StateChange(.conflict, reason: "there are 2"))])
    #expect(
      DriftReport.items(left: before, found: now) == [Self.item(.added, reason: "there are 2")])
  }

  @Test func `secrets are compared and stay hidden`() {
    let before = Self.events([
      ("x", Self.thing("n", ["key": .secret(text: "aaaa")]), .init(.create))
    ])
    let now = Self.events([("x", Self.thing("n", ["key": .secret(text: "bbbb")]), .init(.create))])
    let items = DriftReport.items(left: before, found: now)
    #expect(items.count == 1)
    #expect(items.allSatisfy { $0.differences.allSatisfy { $0.asked.holdsSecret } })
    #expect(DriftReport.items(left: before, found: before) == [])
  }
}
