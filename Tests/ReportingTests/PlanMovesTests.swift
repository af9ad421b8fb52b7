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
      first.replacing("+ a", with: "= a"), ["`a` was create, and is unchanged now"]
    ),
    (first.replacing(". c", with: "- c"), ["`c` was skipped, and is remove now"]),
    (
      String(first.split(separator: "\n").dropLast().joined(separator: "\n")),
      ["`d` was known after apply, and is not planned now"]
    ),
    (
      first + "\n+ e call device.remove-device", ["`e` was not planned, and is create now"]
    ),
  ])
  func `each step that differs is named`(_ later: String, _ lines: [String]) {
    let moves = PlanMoves(from: DrawnPlan(Self.first).events, to: DrawnPlan(later).events)
    #expect(moves.lines == lines)
  }
}
