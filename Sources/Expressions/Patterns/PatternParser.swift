/// Reads a regular expression into a tree.
struct PatternParser {
  /// What `(?ims)` sets.
  struct Flags {
    var ignoresCase = false
    /// `^` and `$` also stand at line breaks.
    var isMultiline = false
    /// `.` also stands for a line break.
    var dotTakesNewline = false
  }

  var flags = Flags()
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
  }

  mutating func parse() throws(EvaluationFailure) -> PatternNode {
    let node = try parseChoice()
    guard peek() == nil else { throw failure("`)` closes nothing") }
    return node
  }

  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    position + ahead < scalars.count ? scalars[position + ahead] : nil
  }

  mutating func take() -> Unicode.Scalar? {
    guard let scalar = peek() else { return nil }
    position += 1
    return scalar
  }

  mutating func skip(_ text: String) -> Bool {
    guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  func failure(_ message: String) -> EvaluationFailure {
    EvaluationFailure(
      "the pattern is malformed: \(message)", detail: "before position \(position + 1)")
  }

  private mutating func parseChoice() throws(EvaluationFailure) -> PatternNode {
    depth += 1
    let outer = flags
    defer {
      depth -= 1
      flags = outer
    }
    guard depth <= Pattern.depthLimit else {
      throw failure("groups are nested more than \(Pattern.depthLimit) levels deep")
    }
    var branches = [try parseSequence()]
    while skip("|") { branches.append(try parseSequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func parseSequence() throws(EvaluationFailure) -> PatternNode {
    var nodes: [PatternNode] = []
    while let next = peek(), next != "|", next != ")" {
      guard let node = try parseAtom() else { continue }
      nodes.append(try parseRepetitions(of: node))
    }
    return .sequence(nodes)
  }

  /// One element, or nil for flags, which are none.
  private mutating func parseAtom() throws(EvaluationFailure) -> PatternNode? {
    switch take() {
    case "(": return try parseGroup()
    case "[": return .scalar(try parseSet())
    case ".": return .scalar(flags.dotTakesNewline ? .any : .anyButNewline)
    case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "\\": return try parseEscape()
    case "*", "+", "?": throw failure("there is nothing to repeat")
    case let scalar?: return .scalar(set(of: scalar))
    case nil: return nil
    }
  }

  private mutating func parseGroup() throws(EvaluationFailure) -> PatternNode? {
    let outer = flags
    if skip("?") {
      if skip("P<") || (peek() == "<" && peek(1) != "=" && peek(1) != "!" && skip("<")) {
        while let next = peek(), next.isNamePart { position += 1 }
        guard skip(">") else { throw failure("the group's name is not closed") }
      } else if try parseFlags() == .untilGroupEnds {
        return nil
      }
    }
    let node = try parseChoice()
    flags = outer
    guard skip(")") else { throw failure("`(` is not closed") }
    return node
  }

  private enum FlagsScope {
    case group, untilGroupEnds
  }

  /// Reads `ims-ims:` or `ims-ims)`.
  private mutating func parseFlags() throws(EvaluationFailure) -> FlagsScope {
    var isOn = true
    while let letter = take() {
      switch letter {
      case "i": flags.ignoresCase = isOn
      case "m": flags.isMultiline = isOn
      case "s": flags.dotTakesNewline = isOn
      case "U": break
      case "-": isOn = false
      case ")": return .untilGroupEnds
      case ":": return .group
      default: throw failure("unknown flag; there is no lookaround")
      }
    }
    throw failure("`(?` is not closed")
  }

  /// `*`, `+`, `?` and `{n,m}`, greedy or not: whether there is a match is the same.
  private mutating func parseRepetitions(of node: PatternNode) throws(EvaluationFailure)
    -> PatternNode
  {
    guard let (least, most) = try parseCount() else { return node }
    _ = skip("?")
    guard try parseCount() == nil else { throw failure("a repetition cannot be repeated") }
    return .repetition(node, least: least, most: most)
  }

  private mutating func parseCount() throws(EvaluationFailure) -> (least: Int, most: Int?)? {
    if skip("*") { return (0, nil) }
    if skip("+") { return (1, nil) }
    if skip("?") { return (0, 1) }
    let start = position
    guard skip("{"), let least = takeNumber() else {
      position = start
      return nil
    }
    var most: Int? = least
    if skip(",") { most = takeNumber() }
    guard skip("}") else {
      position = start
      return nil
    }
    guard least <= most ?? least, max(least, most ?? 0) <= Pattern.repetitionLimit else {
      throw failure("a count goes from low to high, and to \(Pattern.repetitionLimit) at most")
    }
    return (least, most)
  }

  private mutating func takeNumber() -> Int? {
    let start = position
    while let next = peek(), next.isDigit, position - start < 6 { position += 1 }
    return Int(String(scalars: scalars[start..<position]))
  }
}
