/// A regular expression, as `matches` takes it.
///
/// The syntax is that of RE2 (github.com/google/re2/wiki/Syntax), which CEL prescribes, without the
/// scripts of `\p{…}`, `\Q…\E` and `\C`; there are no backreferences and no lookaround. Matching takes time in
/// proportion to the text's length, whatever the pattern (Thompson, 1968): that is why it is not
/// Swift's `Regex`, whose backtracking a pattern like `(a+)+$` can keep busy for years.
struct Pattern {
  /// The longest pattern that is read, in Unicode scalars.
  static let lengthLimit = 1000
  /// The largest number in `{n,m}`, as in RE2.
  static let repetitionLimit = 1000
  /// The largest program that a pattern may become.
  static let programLimit = 5000
  /// How deeply groups may be nested.
  static let depthLimit = 50

  private let program: PatternProgram

  /// Reads `text`.
  init(_ text: String) throws(EvaluationFailure) {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count <= Self.lengthLimit else {
      throw EvaluationFailure("the pattern is longer than \(Self.lengthLimit) characters")
    }
    var parser = PatternParser(scalars)
    program = try PatternProgram(try parser.parse())
  }

  /// Whether some part of `text` matches.
  ///
  /// Costs one step for each 16 instructions tried.
  func matches(_ text: String, meter: inout Meter) throws(EvaluationFailure) -> Bool {
    try meter.charge(program.instructions.count / 16)
    var threads = PatternThreads(program)
    var previous: Unicode.Scalar?
    for next in text.unicodeScalars {
      threads.start(between: previous, next)
      if threads.hasMatched { return true }
      threads.advance(over: next)
      if threads.work >= 16 { try meter.charge(threads.takeWork() / 16) }
      previous = next
    }
    threads.start(between: previous, nil)
    return threads.hasMatched
  }
}
