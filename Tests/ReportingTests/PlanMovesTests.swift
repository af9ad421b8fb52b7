import Events
import Expressions
import Operations
import Testing

@testable import Reporting

/// What a later plan says otherwise than an earlier one.
@Suite struct PlanMovesTests {
  private static let first = """
    + a call device.request-unique-identifier
    = b call device.approve-device
    . c call device.remove-device
    ? d call device.remove-device
    """

  @Test(arguments: [
    (first, []),
    (
      first.replacing("+ a", with: "= a"), ["`a` was to be created, and is unchanged now"]
    ),
    (first.replacing(". c", with: "- c"), ["`c` was to be skipped, and is to be removed now"]),
    (
      String(first.split(separator: "\n").dropLast().joined(separator: "\n")),
      ["`d` was not known, and is not planned now"]
    ),
    (
      first + "\n+ e call device.remove-device", ["`e` was not planned, and is to be created now"]
    ),
  ])
  func `each step that differs is named`(_ later: String, _ lines: [String]) {
    let moves = PlanMoves(from: DrawnPlan(Self.first).events, to: DrawnPlan(later).events)
    #expect(moves.lines == lines)
  }
  private static func plan(
    _ kind: StateChange.Kind, asked: Value, found: Value, secret: String = ""
  ) -> [RunEvent] {
    var plan = DrawnPlan("~ a call device.request-unique-identifier")
    plan.change { result in
      result.change = StateChange(
        kind, differences: [Lookup.Difference(field: "size", asked: asked, found: found)])
      result.value = ["secret": .secret(text: secret)]
    }
    return plan.events
  }

  @Test func `values are named as a plan shows them, and secrets of either plan are masked`() {
    let changed = Self.plan(.change, asked: 2, found: 1)
    #expect(
      PlanMoves(from: changed, to: Self.plan(.drift, asked: 2, found: 3)).lines == [
        "`a` was to be changed (size: 1 → 2), and is different and left as it is (size: 3 (asked: 2)) now"
      ])
    let hidden = ["one", "two"].map { text in
      Self.plan(.change, asked: .secret(text: "planted-\(text)"), found: 1)
    }
    #expect(
      PlanMoves(from: hidden[0], to: hidden[1]).lines == [
        "`a` is to be changed (size: another value), with other values than planned"
      ])
    let shown = Self.plan(.change, asked: "planted-one", found: "x")
    #expect(
      PlanMoves(from: shown, to: Self.plan(.change, asked: 2, found: 1, secret: "planted-one"))
        .lines == ["`a` was to be changed (size: x → •••), and is to be changed (size: 1 → 2) now"])
  }
}
