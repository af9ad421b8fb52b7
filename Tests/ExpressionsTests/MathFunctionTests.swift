import Expressions
import Testing

/// What the specification's cases leave open about `math` and `format`.
@Suite struct MathFunctionTests {
  @Test(
    arguments: [
      ("math.greatest(1, 2u, 1.5)", .uint(2)), ("math.least([3, 1.0, 1])", 1.0),
      ("math.greatest(1, 1.0)", 1), ("math.sign(-0.0) == 0.0", true), ("math.sign(7u)", .uint(1)),
      ("math.abs(-1.5)", 1.5), ("math.sqrt(81)", 9.0), ("math.isNaN(math.sqrt(-1))", true),
      ("math.round(-2.5)", -3.0), ("math.bitShiftLeft(-1, 63)", .int(.min)),
      ("'%.0f|%.0f|%.0f|%.0f'.format([0.5, 1.5, 2.5, -0.4])", "0|2|2|-0"),
      ("'%.2f|%.1f|%.3f'.format([1.005, 0.25, 9.9996])", "1.00|0.2|10.000"),
      ("'%f|%.1f'.format([5e-324, 1e22])", "0.000000|10000000000000000000000.0"),
      ("'%.3f'.format([123456789012345680.0])", "123456789012345680.000"),
      ("'%e|%.0e|%.2e'.format([0.0, 25.0, 9.999])", "0.000000e+00|2e+01|1.00e+01"),
      ("'%.16e'.format([5e-324])", "4.9406564584124654e-324"),
      ("'%e'.format([1.7976931348623157e308])", "1.797693e+308"),
      (
        "'%s|%s|%s|%d'.format([1e20, 1.5e-7, -1e-5, -1.25e18])",
        "100000000000000000000|0.00000015|-0.00001|-1250000000000000000"
      ),
      ("'%f %e'.format([3, 7u])", "3.000000 7.000000e+00"),
      ("'%b %o %x'.format([-5, -8, -30])", "-101 -10 -1e"),
      ("'%X'.format(['é'])", "C3A9"),
      ("'%s'.format([{'b': [1, null], 'a': type(1)}])", "{a: int, b: [1, null]}"),
      ("'%%'.format([])", "%"), ("'%s'.format([duration('1.5s')])", "1.5s"),
      ("strings.quote('a\\u0000\"')", "\"a\u{0}\\\"\""),
      ("[1, [2], 'a'].reverse()", ["a", [2], 1]), ("'aé🐱'.reverse()", "🐱éa"),
    ] as [(String, Value)])
  func `numbers and formats have exact results`(_ source: String, _ expected: Value) throws {
    #expect(try evaluate(source) == expected)
  }

  @Test(arguments: [
    ("math.greatest([])", "`math.greatest` needs at least one number, but the list is empty"),
    ("math.least(1, 0.0 / 0.0)", "`math.least` has no result: NaN is not ordered"),
    ("math.least(1, dyn('a'))", "`math.least` does not work on int and string"),
    ("math.greatest()", "`math.greatest` is not called this way"),
    ("math.abs(-9223372036854775808)", "the result does not fit int"),
    ("math.bitShiftLeft(1, -1)", "bits are shifted by 0 or more places"),
    ("math.cbrt(1)", "unknown function `math.cbrt`"),
    ("'%y'.format([1])", "the format has no clause `%y`"),
    ("'%.1001f'.format([1])", "a precision is a number up to 1000, such as `%.2f`"),
    ("'%.f'.format([1])", "a precision is a number up to 1000, such as `%.2f`"),
    ("'a%'.format([1])", "the format ends within a clause"),
    ("'%d'.format(['a'])", "`%d` does not write string"),
    ("'%s%s'.format([1])", "the format has more clauses than there are values: 1"),
  ])
  func `what fails says so in words`(_ source: String, _ message: String) throws {
    #expect(try evaluationError(source).message == message)
  }

  @Test func `a namespace is one only where no variable has its name`() throws {
    #expect(
      try evaluationError("math.floor(1.5)", ["math": 1]).message == "unknown function `floor`")
  }
}
