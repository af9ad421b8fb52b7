import Diagnostics
import Expressions
import Testing

@Suite struct LimitTests {
  private static let tooMany = "the expression takes too many steps"

  /// Lists that double 40 times over, each built from the one before.
  private static let doubling = "[1]" + String(repeating: ".map(x, [x, x])", count: 40)

  @Test(arguments: [
    doubling,
    "['a']" + String(repeating: ".map(x, x + x)", count: 60),
    "['a']" + String(repeating: ".map(x, x.replace('a', 'aa'))", count: 60),
    "['a']" + String(repeating: ".map(x, x.replace('', x))", count: 20),
    "['a']" + String(repeating: ".map(x, [x, x, x].join(x))", count: 60),
    "[[1]]" + String(repeating: ".map(x, x + x)", count: 60),
    "big.map(a, big.map(b, big.map(c, 1)))",
    "big.all(a, big.all(b, big.all(c, a + b + c >= 0)))",
    "big.exists(a, big.exists(b, big == [a, b]) || big.all(c, c in big && c in big && c in big))",
    "(\(doubling) == []) || true",
    "big.exists(a, \(doubling) == [] || true)",
    "big.map(x, text.matches('(a|b|ab)*(a+)+(a*)*c'))",
    "big.map(x, text.split(''))",
    "big.map(x, big).map(x, big).map(x, big)",
    "lists.range(9223372036854775807)", "lists.range(1000000000).size()",
    "lists.range(150000).map(x, x)",
    "[1]" + String(repeating: ".map(x, [x, x].flatten())", count: 40),
    "[[1]]" + String(repeating: ".map(x, [x, x].flatten())", count: 60),
    "[1]" + String(repeating: ".map(x, [?optional.of(x), ?optional.of(x)])", count: 40),
    "big.map(x, big.map(y, big.map(z, optional.of(z).optMap(v, v))))",
    "big.map(x, optional.unwrap(big.map(y, optional.of(text + text))))",
    "big.map(x, big.sort())", "big.map(x, [text, text].sort())", "big.map(x, big.distinct())",
    "big.map(x, big.sortBy(y, 0 - y))", "big.map(x, big.slice(0, 1000))",
    "big.map(x, sets.contains(big, [x]))", "big.map(x, big.transformMap(i, y, y))",
    "big.all(i, a, big.all(j, b, big.all(k, c, i + j + k >= 0)))",
    String(repeating: "cel.bind(x, ", count: 40) + "[1]"
      + String(repeating: ", x.map(y, [x, x]))", count: 40),
    "big.map(x, '%.1000f %.1000f'.format([1e-300, 1e-300]))",
    "['a']" + String(repeating: ".map(x, '%s%s'.format([x, x]))", count: 60),
    "['a']" + String(repeating: ".map(x, '%x'.format([x]))", count: 60),
    "['\"']" + String(repeating: ".map(x, strings.quote(x))", count: 60),
    "big.map(x, text.reverse()).map(x, x.reverse()).map(x, x.reverse())",
  ])
  func `work without end is stopped`(_ source: String) throws {
    let big = Value.list((0..<1000).map { .int($0) })
    let text = Value.string(String(repeating: "ab", count: 5000))
    let expression = try Expression(source)
    let error = try #require(throws: EvaluationError.self) {
      try expression.evaluate(
        with: ["big": big, "text": text], limits: EvaluationLimits(steps: 200_000))
    }
    #expect(error.message == Self.tooMany)
  }

  @Test func `the number of steps can be set`() throws {
    let expression = try Expression("1 + 1")
    #expect(try expression.evaluate(with: [:], limits: EvaluationLimits(steps: 3)) == 2)
    let error = try #require(throws: EvaluationError.self) {
      try expression.evaluate(with: [:], limits: EvaluationLimits(steps: 2))
    }
    #expect(error.message == Self.tooMany)
  }

  @Test func `an operation that is refused ends the evaluation`() throws {
    let expression = try Expression("(big + big == []) || true")
    let big = Value.list(Array(repeating: 1, count: 1000))
    let error = try #require(throws: EvaluationError.self) {
      try expression.evaluate(with: ["big": big], limits: EvaluationLimits(steps: 1000))
    }
    #expect(error.message == Self.tooMany)
  }

  @Test func `a value built too deep is refused`() throws {
    var value = Value.int(1)
    for _ in 0..<98 { value = [value] }
    #expect(try evaluate("[x]", ["x": value]) == [value])
    #expect(
      try evaluationError("[[x]]", ["x": value]).message
        == "a value is nested more than 100 levels deep")
  }

  @Test func `ordinary work is far from the limit`() throws {
    let rows = Value.list((0..<1000).map { ["name": .string("row \($0)"), "size": .int($0)] })
    let source = "rows.filter(r, r.size % 2 == 0 && r.name.startsWith('row')).map(r, r.name)"
    let expected = Value.list((0..<500).map { .string("row \($0 * 2)") })
    #expect(try evaluate(source, ["rows": rows]) == expected)
  }
}
