import EventSamples
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
    _ kind: DriftedItem.Kind, _ differences: [Lookup.Difference] = [], reason: String? = nil,
    of step: String = "x"
  ) -> DriftedItem {
    DriftedItem(
      path: StepPath(components: [.step(step)]), title: "Have \(step)", operation: "a.make",
      kind: kind, differences: differences, reason: reason)
  }

  private static func uncompared(_ step: String, _ reason: String) -> UncomparedItem {
    UncomparedItem(
      path: StepPath(components: [.step(step)]), title: "Have \(step)", operation: "a.make",
      reason: reason)
  }

  /// The same events, of a playbook with this digest.
  private static func started(_ events: [RunEvent], of digest: String) -> [RunEvent] {
    let start = RunStart(
      run: SampleRun.run, playbook: "a", file: "a.yaml", planDigest: digest, inputs: [:], seed: 1,
      version: "1")
    return [RunEvent(sequence: 0, at: Moment(nanoseconds: 0), kind: .runStarted(start))] + events
  }

  private static let x = StepPath(components: [.step("x")])

  @Test(
    arguments: [
      (["size": 1], ["size": 1], nil),
      (["size": 1], ["size": 2], item(.changed, [.init(field: "size", asked: 1, found: 2)])),
      (["size": 1], nil, item(.removed)),
      (nil, ["size": 1], item(.added)),
      (nil, nil, nil),
      // What only one of both shows says nothing.
      (["size": 1], ["state": "on"], nil),
    ] as [(ValueMap?, ValueMap?, DriftedItem?)])
  func `a thing is compared with how the run left it`(
    _ left: ValueMap?, _ found: ValueMap?, _ expected: DriftedItem?
  ) {
    let before = Self.events([("x", Self.thing("n", left), StateChange(.create))])
    let now = Self.events([("x", Self.thing("n", found), StateChange(.unchanged))])
    #expect(
      DriftFinding(left: before, found: now)
        == (expected.map { DriftFinding(drifted: [$0]) } ?? DriftFinding(same: [Self.x])))
  }

  @Test func `what is secret in the run or in the plan is secret in both`() {
    let (before, now): (ValueMap, ValueMap) = (
      ["key": .secret(text: "planted-one"), "size": "planted-two"],
      ["key": .secret(text: "planted-two"), "size": "is planted-one"]
    )
    let finding = DriftFinding(
      left: Self.events([("x", Self.thing("n", before), StateChange(.create))]),
      found: Self.events([("x", Self.thing("n", now), StateChange(.unchanged))]))
    #expect(
      finding.drifted.first?.differences == [
        .init(
          field: "key", asked: .secret(text: "planted-one"), found: .secret(text: "planted-two")),
        .init(
          field: "size", asked: .secret(text: "planted-two"),
          found: .secret(text: "is planted-one")),
      ])
  }

  @Test func `what the run never saw is no thing, and what the plan did not read is not compared`()
  {
    let before = Self.events([
      ("x", Self.thing("n", ["size": 1]), StateChange(.create)),
      ("y", nil, StateChange(.create)),
      ("z", Self.thing("z", ["size": 1]), StateChange(.create)),
      ("w", Self.thing("w", ["size": 1]), StateChange(.create)),
    ])
    let now = Self.events([
      ("x", Self.thing("other", ["size": 2]), StateChange(.unchanged)),
      ("y", Self.thing("m", ["size": 2]), StateChange(.unchanged)),
      ("z", nil, StateChange(.unknown, reason: "it depends on `v`")),
    ])
    #expect(
      DriftFinding(left: before, found: now)
        == DriftFinding(uncompared: [
          Self.uncompared("x", "the plan has another thing in its place"),
          Self.uncompared("z", "it depends on `v`"),
          Self.uncompared("w", "the plan does not come to it"),
        ]))
  }

  @Test(
    arguments: [
      (["size": 1] as ValueMap?, item(.changed, [.init(field: "name", asked: "n", found: "m")])),
      (nil, item(.removed, [.init(field: "name", asked: "n", found: "m")])),
    ] as [(ValueMap?, DriftedItem)])
  func `another thing in place of the one that the same playbook left is drift`(
    _ found: ValueMap?, _ expected: DriftedItem
  ) {
    let before = Self.started(
      Self.events([("x", Self.thing("n", ["size": 1]), StateChange(.create))]), of: "a")
    let now = Self.events([("x", Self.thing("m", found), StateChange(.unchanged))])
    #expect(
      DriftFinding(left: before, found: Self.started(now, of: "a"))
        == DriftFinding(drifted: [expected]))
    #expect(DriftFinding(left: before, found: Self.started(now, of: "b")).drifted == [])
  }

  @Test func `a thing that two steps were about is one`() {
    let events = Self.events([
      ("y", Self.thing("n", ["size": 1]), StateChange(.create)),
      ("x", Self.thing("n", ["size": 2]), StateChange(.change)),
    ])
    let now = Self.events([
      ("y", nil, StateChange(.unknown)), ("x", Self.thing("n", ["size": 2]), .init(.unchanged)),
    ])
    #expect(DriftFinding(left: events, found: now) == DriftFinding(same: [Self.x]))
  }

  @Test func `a second thing of the same name was added`() {
    let before = Self.events([("x", Self.thing("n", ["size": 1]), StateChange(.create))])
    let now = Self.events([("x", nil, StateChange(.conflict, reason: "there are 2"))])
    #expect(
      DriftFinding(left: before, found: now)
        == DriftFinding(drifted: [Self.item(.added, reason: "there are 2")]))
  }

  @Test(
    arguments: [
      (thing("n", nil), StateChange.Kind.create, "which is gone"),
      (nil, .conflict, "of which another one was added"),
    ] as [(ObservedThing?, StateChange.Kind, String)])
  func `what depends on a thing that drifted is not compared, and says so`(
    _ found: ObservedThing?, _ kind: StateChange.Kind, _ what: String
  ) {
    var before = Self.events([
      ("x", Self.thing("n", ["size": 1]), StateChange(.create)),
      ("role", Self.thing("id-1", ["state": "on"]), StateChange(.create)),
    ])
    for index in before.indices {
      guard case .stepFinished(Self.x, var result) = before[index].kind else { continue }
      result.value = ["identifier": "id-1"]
      before[index].kind = .stepFinished(Self.x, result)
    }
    let now = Self.events([
      ("x", found, StateChange(kind)), ("role", nil, StateChange(.create)),
    ])
    let finding = DriftFinding(left: before, found: now)
    #expect(finding.drifted.map(\.path) == [Self.x])
    #expect(finding.uncompared == [Self.uncompared("role", "it depends on `x`, \(what)")])
    #expect(finding.same == [])
  }

  @Test func `secrets are compared and stay hidden`() {
    let before = Self.events([
      ("x", Self.thing("n", ["key": .secret(text: "aaaa")]), .init(.create))
    ])
    let now = Self.events([("x", Self.thing("n", ["key": .secret(text: "bbbb")]), .init(.create))])
    let items = DriftFinding(left: before, found: now).drifted
    #expect(items.count == 1)
    #expect(items.allSatisfy { $0.differences.allSatisfy { $0.asked.holdsSecret } })
    #expect(DriftFinding(left: before, found: before) == DriftFinding(same: [Self.x]))
  }
}
