extension PatternParser {
  /// The set of one scalar, under the flags.
  func set(of scalar: Unicode.Scalar) -> ScalarSet {
    var set = ScalarSet(scalar...scalar)
    set.ignoresCase = flags.ignoresCase
    return set
  }

  /// What follows a backslash outside brackets.
  mutating func parseEscape() throws(EvaluationFailure) -> PatternNode {
    switch peek() {
    case "b": taking(.assertion(.wordBoundary))
    case "B": taking(.assertion(.noWordBoundary))
    case "A": taking(.assertion(.textStart))
    case "z": taking(.assertion(.textEnd))
    default: .scalar(try parseEscapedSet())
    }
  }

  private mutating func taking(_ node: PatternNode) -> PatternNode {
    _ = take()
    return node
  }

  /// A set in brackets; the opening one is taken.
  mutating func parseSet() throws(EvaluationFailure) -> ScalarSet {
    var set = ScalarSet()
    set.ignoresCase = flags.ignoresCase
    set.isNegated = skip("^")
    var isFirst = true
    while isFirst || peek() != "]" {
      isFirst = false
      if skip("[:") {
        set.formUnion(try parseNamedSet())
        continue
      }
      let member = try parseMember()
      guard peek() == "-", let next = peek(1), next != "]", let low = member.onlyScalar else {
        set.formUnion(member)
        continue
      }
      _ = take()
      guard let high = try parseMember().onlyScalar, low <= high else {
        throw failure("a range goes from low to high")
      }
      set.ranges.append(low.value...high.value)
    }
    _ = take()
    return set
  }

  private mutating func parseMember() throws(EvaluationFailure) -> ScalarSet {
    switch take() {
    case "\\": return try parseEscapedSet()
    case let scalar?: return ScalarSet(scalar...scalar)
    case nil: throw failure("`[` is not closed")
    }
  }

  private mutating func parseNamedSet() throws(EvaluationFailure) -> ScalarSet {
    let isNegated = skip("^")
    for (name, set) in ScalarSet.named where skip("\(name):]") {
      return isNegated ? set.inverted : set
    }
    throw failure("unknown class of characters")
  }

  /// What follows a backslash and stands for scalars.
  private mutating func parseEscapedSet() throws(EvaluationFailure) -> ScalarSet {
    switch take() {
    case "d": return .digits
    case "D": return .digits.inverted
    case "w": return .word
    case "W": return .word.inverted
    case "s": return .space
    case "S": return .space.inverted
    case "n": return set(of: "\n")
    case "r": return set(of: "\r")
    case "t": return set(of: "\t")
    case "f": return set(of: "\u{0C}")
    case "v": return set(of: "\u{0B}")
    case "a": return set(of: "\u{07}")
    case "x": return set(of: try parseHexadecimal())
    case let scalar? where !scalar.isNamePart: return set(of: scalar)
    case "p": return try parseCategory(isNegated: false)
    case "P": return try parseCategory(isNegated: true)
    case let scalar? where ("1"..."9").contains(scalar):
      throw failure("there are no backreferences such as `\\\(scalar)`")
    case let scalar?: throw failure("unknown escape `\\\(scalar)`")
    case nil: throw failure("nothing follows the `\\`")
    }
  }

  /// `L`, `{Lu}` or `{^L}`, behind `\p` or `\P`.
  private mutating func parseCategory(isNegated: Bool) throws(EvaluationFailure) -> ScalarSet {
    var isNegated = isNegated
    var name = String.UnicodeScalarView()
    if skip("{") {
      if skip("^") { isNegated.toggle() }
      while let next = peek(), next != "}" {
        name.append(next)
        _ = take()
      }
      guard skip("}") else { throw failure("`\\p{` is not closed") }
    } else if let letter = take() {
      name.append(letter)
    }
    guard var set = ScalarSet(category: String(name)) else {
      throw failure("`\\p` needs a general category of Unicode, such as `\\p{L}` or `\\p{Lu}`")
    }
    set.ignoresCase = flags.ignoresCase
    set.isNegated = isNegated
    return set
  }

  /// `7F` or `{10FFFF}`, behind `\x`.
  private mutating func parseHexadecimal() throws(EvaluationFailure) -> Unicode.Scalar {
    let isBraced = skip("{")
    var code: UInt32 = 0
    var count = 0
    while let digit = peek()?.hexDigitValue, count < (isBraced ? 6 : 2) {
      code = code * 16 + digit
      count += 1
      _ = take()
    }
    guard count > 0, isBraced ? skip("}") : count == 2, let scalar = Unicode.Scalar(code) else {
      throw failure("`\\x` needs two hexadecimal digits, or up to six in braces")
    }
    return scalar
  }
}

extension ScalarSet {
  /// The scalar, when there is just one.
  fileprivate var onlyScalar: Unicode.Scalar? {
    guard !isNegated, ranges.count == 1, ranges[0].count == 1 else { return nil }
    return Unicode.Scalar(ranges[0].lowerBound)
  }
}
