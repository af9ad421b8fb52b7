import Expressions
import Playbooks
import Testing

/// What is said about a number or a length outside its bounds.
@Suite struct MeasureTests {
  @Test(
    arguments: [
      (0, 1, nil, "must be at least 1, not 0"), (9, nil, 5, "must be at most 5, not 9"),
      (1.5, 2, nil, "must be at least 2, not 1.5"), (3, 1, 5, nil),
      ("", 1, nil, "must have at least 1 character, not 0"),
      ("abc", 8, nil, "must have at least 8 characters, not 3"),
      (.bytes([1, 2, 3]), nil, 2, "must have at most 2 bytes, not 3"),
      ([], 1, nil, "must have at least 1 element, not 0"),
      (["a": 1, "b": 2], nil, 1, "must have at most 1 entry, not 2"),
      ([:], 2, nil, "must have at least 2 entries, not 0"),
    ] as [(Value, Int?, Int?, String?)])
  func `what was given and what is needed is said`(
    _ value: Value, _ minimum: Int?, _ maximum: Int?, _ expected: String?
  ) {
    let measure = Measure(of: value)
    #expect(measure?.demand(minimum: minimum, maximum: maximum, isHidden: false) == expected)
  }

  @Test func `what was given is left out where it is secret`() {
    let measure = Measure(of: .secret(.init(1234)))
    #expect(measure?.demand(minimum: nil, maximum: 99, isHidden: true) == "must be at most 99")
  }
}
