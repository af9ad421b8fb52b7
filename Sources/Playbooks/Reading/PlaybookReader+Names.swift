import Diagnostics

extension PlaybookReader {
  /// Words that CEL reads as something else even behind a dot (CEL spec, "Syntax", KEYWORD).
  package static let keywords: Set<String> = ["false", "in", "null", "true"]

  /// What nothing can be called that `for-each` or `let` binds: the names every expression knows already,
  /// CEL's reserved words, and its names of types.
  package static let reservedNames: Set<String> = keywords.union([
    "inputs", "steps", "run", "answer", "error",
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
    "bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "null_type", "string",
    "timestamp", "type", "uint",
  ])

  /// The longest name, in characters.
  package static let nameLimit = 100

  /// Whether `name` can stand in an expression: `[A-Za-z_][A-Za-z0-9_]*`, up to 100 characters.
  mutating func checkName(
    _ name: String, _ subject: String, at location: SourceLocation
  ) -> Bool {
    guard Self.isIdentifier(name) else {
      unread.add(name)
      if let corrected = Self.corrected(name) { unread.words.insert(corrected) }
      report(
        .invalidName, "`\(name)` cannot name \(subject)", at: location,
        hint: Self.corrected(name).map { "write `\($0)`" }
          ?? "a name has letters, digits and `_`, and does not begin with a digit")
      return false
    }
    guard name.utf8.count <= Self.nameLimit else {
      unread.add(name)
      report(
        .invalidName, "the name of \(subject) is longer than \(Self.nameLimit) characters",
        at: location)
      return false
    }
    guard !Self.keywords.contains(name) else {
      unread.add(name)
      report(.reservedName, "`\(name)` is a word of the expression language", at: location)
      return false
    }
    return true
  }

  /// Whether `subject` can be bound to `name` here.
  mutating func checkBoundName(
    _ name: String, _ subject: String, at location: SourceLocation
  ) -> Bool {
    guard checkName(name, subject, at: location) else { return false }
    guard !Self.reservedNames.contains(name) else {
      report(
        .reservedName, "`\(name)` already means something in expressions", at: location,
        hint: "choose another name")
      return false
    }
    guard !boundNames.contains(name) else {
      report(
        .duplicateBoundName, "`\(name)` already means something around this", at: location,
        hint: "choose another name: what `for-each` and `let` bind is not bound again inside")
      return false
    }
    return true
  }

  private static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !isDigit(first) else { return false }
    return name.utf8.allSatisfy(isNameByte)
  }

  /// The name with every other character as `_`, or nil when that gives no good name.
  private static func corrected(_ name: String) -> String? {
    let bytes = name.utf8.map { isNameByte($0) ? $0 : UInt8(ascii: "_") }
    let text = String(decoding: bytes, as: UTF8.self)
    let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
    return isASCII && isIdentifier(text) && text.contains { $0 != "_" } ? text : nil
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      true
    default: isDigit(byte)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
