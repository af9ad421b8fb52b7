import Expressions
import Operations
import Testing

@testable import Reporting

@Suite struct ValueComparisonTests {
  private static func changed(_ name: String, _ from: Value, _ to: Value) -> ComparedValue {
    ComparedValue(name: name, change: .changed(from: from, to: to))
  }

  private static func removed(_ name: String, _ value: Value) -> ComparedValue {
    ComparedValue(name: name, change: .removed(value))
  }

  private static func added(_ name: String, _ value: Value) -> ComparedValue {
    ComparedValue(name: name, change: .added(value))
  }

  private static let one = Value.secret(text: "one")
  private static let two = Value.secret(text: "two")

  @Test(
    arguments: [
      (1, 1, []),
      (1, 2, [changed("v", 1, 2)]),
      (1, "1", [changed("v", 1, "1")]),
      (nil, false, [changed("v", nil, false)]),
      (["a": 1, "b": 2], ["b": 2, "a": 1], []),
      (
        ["a": 1, "b": 2], ["b": 3, "c d": 4],
        [
          removed("v.a", 1), changed("v.b", 2, 3), added("v[\"c d\"]", 4),
        ]
      ),
      (["a": ["b": [1]]], ["a": ["b": [2]]], [changed("v.a.b[0]", 1, 2)]),
      ([1, 2, 3], [1, 3], [removed("v[1]", 2)]),
      ([1, 3], [1, 2, 3], [added("v[1]", 2)]),
      ([1, 2, 3], [1, 4, 3], [changed("v[1]", 2, 4)]),
      ([1, 2], [3, 4, 5], [changed("v[0]", 1, 3), changed("v[1]", 2, 4), added("v[2]", 5)]),
      (["a": 1], [1], [changed("v", ["a": 1], [1])]),
      (one, one, []),
      (one, two, [changed("v", one, two)]),
      (one, "one", [changed("v", one, "one")]),
      (["t": one, "n": 1], ["t": two, "n": 1], [changed("v.t", one, two)]),
    ] as [(Value, Value, [ComparedValue])])
  func `values are compared member by member`(
    from: Value, to: Value, expected: [ComparedValue]
  ) {
    var comparison = ValueComparison(comparesSecrets: true)
    #expect(comparison.differences(from, to, at: "v") == expected)
  }

  @Test(
    arguments: [
      // Order is of no account where records have names.
      (
        [["name": "a", "n": 1], ["name": "b", "n": 2]],
        [["name": "b", "n": 2], ["name": "a", "n": 1]], []
      ),
      (
        [["id": "x1", "name": "a"], ["id": "x2", "name": "b"]],
        [["id": "y2", "name": "b"], ["id": "y1", "name": "c"]],
        [
          changed("v[0].id", "x2", "y2"), added("v[1]", ["id": "y1", "name": "c"]),
          removed("v[0]", ["id": "x1", "name": "a"]),
        ]
      ),
      // No member distinguishes them.
      ([["n": 1], ["n": 1]], [["n": 1], ["n": 2]], [changed("v[1].n", 1, 2)]),
    ] as [(Value, Value, [ComparedValue])])
  func `records of lists correspond by the first member that names them`(
    from: Value, to: Value, expected: [ComparedValue]
  ) {
    var comparison = ValueComparison(comparesSecrets: true)
    #expect(comparison.differences(from, to, at: "v") == expected)
  }

  @Test func `secrets that are not known are not compared`() {
    var comparison = ValueComparison(comparesSecrets: false)
    #expect(comparison.differences(["t": Self.one], ["t": Self.two], at: "") == [])
    #expect(
      comparison.differences(["t": Self.one], [:], at: "") == [Self.removed("t", Self.one)])
  }

  private static let ids = (0..<4).map { "01a22715-dcbf-7160-a93b-4ea7b4d2e9d\($0)" }
    .map { Value.string($0) }

  @Test func `what a service makes anew is marked as long as it means the same`() {
    var comparison = ValueComparison(comparesSecrets: true)
    let ids = Self.ids
    let early: Value = ["at": "2026-01-01T00:00:00Z", "id": ids[0], "port": 1, "twice": ids[1]]
    let late: Value = [
      "at": "2026-01-02T00:00:00.5+01:00", "id": ids[2], "port": 2, "twice": ids[3],
    ]
    let differences = comparison.differences(early, late, at: "")
    #expect(
      comparison.marked(differences).map { [$0.name, "\($0.isGenerated)"] } == [
        ["at", "true"], ["id", "true"], ["port", "false"], ["twice", "true"],
      ])
    // The second run has one identifier where the first has two: it means something else.
    #expect(comparison.differences(ids[0], ids[3], at: "other").count == 1)
    #expect(
      comparison.marked(differences).map { [$0.name, "\($0.isGenerated)"] } == [
        ["at", "true"], ["id", "false"], ["port", "false"], ["twice", "false"],
      ])
  }

  @Test func `an identifier that is the same somewhere is not a new one elsewhere`() {
    var comparison = ValueComparison(comparesSecrets: true)
    let ids = Self.ids
    let differences = comparison.differences([ids[0], 1, ids[0]], [ids[0], 1, ids[1]], at: "v")
    #expect(comparison.marked(differences) == [Self.changed("v[2]", ids[0], ids[1])])
  }

  @Test(
    arguments: [
      (.milliseconds(100), .milliseconds(599), 499, false),
      (.milliseconds(100), .milliseconds(600), 500, true),
      (.milliseconds(600), .milliseconds(100), -83, true),
      (.seconds(10), .milliseconds(14_999), 50, false),
      (.seconds(10), .seconds(15), 50, true),
      (.zero, .seconds(1), nil, true),
      (.zero, .zero, nil, false),
    ] as [(Duration, Duration, Int?, Bool)])
  func `a time is notable when it differs by much, absolutely and relatively`(
    from: Duration, to: Duration, percent: Int?, isNotable: Bool
  ) {
    let time = ComparedTime(from: from, to: to)
    #expect(time.percent.map { Int($0.rounded()) } == percent)
    #expect(time.isNotable == isNotable)
  }

  @Test(
    arguments: [
      (.changed(from: "a", to: "b"), "a → b"),
      (.changed(from: 1, to: "1"), "1 → \"1\""),
      (.removed(["a": .secret(text: "one")]), "{\"a\":\"•••\"} → (none)"),
      (.added("x"), "(none) → x"),
      (.changed(from: one, to: two), "differs (secret)"),
      (.changed(from: one, to: "one"), "••• → one"),
      (
        .changed(
          from: .bytes(.init(repeating: 1, count: 2000)),
          to: .bytes(.init(repeating: 2, count: 2000))), "{\"bytes\":2000}, of other content"
      ),
      (
        .changed(from: "0123456789abcdefghijXklmnopqrstu", to: "0123456789abcdefghijYklm"),
        "…ghijXklmnopqrstu → …89abcdefghijYklm"
      ),
    ] as [(ComparedValue.Change, String)])
  func `a change shows both values, cut to where they differ`(
    change: ComparedValue.Change, text: String
  ) {
    #expect(ChangeText(style: TerminalStyle(), limit: 16).text(change) == text)
  }

  @Test(
    arguments: [
      (.seconds(1), .seconds(3), "1.0 s -> 3.0 s (+2.0 s, +200%)"),
      (.seconds(3), .milliseconds(1500), "3.0 s -> 1.5 s (-1.5 s, -50%)"),
      (.zero, .milliseconds(5), "0 ms -> 5 ms (+5 ms)"),
      (.milliseconds(5), .microseconds(5900), "5 ms -> 5 ms"),
    ] as [(Duration, Duration, String)])
  func `a time shows the difference in both terms`(from: Duration, to: Duration, text: String) {
    let changes = ChangeText(style: TerminalStyle(symbols: .ascii), limit: nil)
    #expect(changes.text(ComparedTime(from: from, to: to)) == text)
  }
}
