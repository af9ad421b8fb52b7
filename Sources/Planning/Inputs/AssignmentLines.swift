import Diagnostics
import Playbooks

/// Reads a file of `NAME=value` lines, as shells and container tools have them.
///
///     # Comments and blank lines are skipped.
///     export USERNAME=alice@example.com
///     GREETING="Hello,\n$USER"    # `$USER` is text: nothing is expanded
struct AssignmentLines {
  private let file: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var lineStart = 0
  private(set) var inputs: [ProvidedInput] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var names: Set<String> = []

  /// Every line of `bytes` that has the form, and what is wrong with the others; throws when it is no text.
  static func read(
    _ bytes: [UInt8], file: String
  ) throws(InvalidInput) -> (inputs: [ProvidedInput], flaws: [Diagnostic]) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InvalidInput([
        Diagnostic(.notUTF8, "the file `\(file)` is not UTF-8", at: nil)
      ])
    }
    var lines = AssignmentLines(text, file: file)
    while lines.position < lines.scalars.count { lines.readLine() }
    return (lines.inputs, lines.diagnostics)
  }

  private init(_ text: String, file: String) {
    self.file = file
    scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private func place(_ start: Int, length: Int = 1) -> SourceLocation {
    SourceLocation(
      file: file, line: line, column: start - lineStart + 1, length: max(1, length))
  }

  private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
    while let scalar = next, condition(scalar) { position += 1 }
  }

  private mutating func endLine() {
    skip { $0 != "\n" }
    guard next != nil else { return }
    position += 1
    line += 1
    lineStart = position
  }

  private mutating func readLine() {
    defer { endLine() }
    skip(while: Self.isBlank)
    guard let first = next, first != "\n", first != "#" else { return }
    var start = position
    var name = self.name()
    if name == "export", let after = next, Self.isBlank(after) {
      skip(while: Self.isBlank)
      start = position
      name = self.name()
    }
    let length = position - start
    skip(while: Self.isBlank)
    guard !name.isEmpty, next == "=" else {
      return report("this is not of the form NAME=value", at: place(start, length: length))
    }
    position += 1
    let location = place(start, length: length)
    guard names.insert(name).inserted else {
      diagnostics.append(
        Diagnostic(
          .duplicateKey, "`\(name)` is given twice", at: location, quotation: .none))
      return
    }
    guard let (value, valueLocation) = value() else { return }
    inputs.append(
      ProvidedInput(name: name, source: .line(value, valueLocation), location: location))
  }

  private mutating func name() -> String {
    let start = position
    skip { $0 == "_" || ($0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))) }
    return String(String.UnicodeScalarView(scalars[start..<position]))
  }

  /// What is behind `=`, or nil when it is wrong.
  private mutating func value() -> (String, SourceLocation)? {
    skip(while: Self.isBlank)
    guard let first = next, first == "\"" || first == "'" else { return plainValue() }
    let location = place(position)
    position += 1
    var text = String.UnicodeScalarView()
    while let scalar = next, scalar != first {
      position += 1
      if scalar == "\n" {
        line += 1
        lineStart = position
      }
      guard scalar == "\\", first == "\"", let escaped = next else {
        text.append(scalar)
        continue
      }
      position += 1
      switch escaped {
      case "n": text.append("\n")
      case "r": text.append("\r")
      case "t": text.append("\t")
      case "\"", "\\", "$", "`": text.append(escaped)
      case _: text.append(contentsOf: [scalar, escaped])
      }
    }
    guard next == first else {
      report("the quotation mark is never closed", at: location)
      return nil
    }
    position += 1
    skip(while: Self.isBlank)
    guard next == nil || next == "\n" || next == "#" else {
      report("unexpected text after the closing quotation mark", at: place(position))
      return nil
    }
    return (String(text), location)
  }

  /// A value without quotation marks ends with the line, or before a `#` that follows a blank.
  private mutating func plainValue() -> (String, SourceLocation) {
    let start = position
    var end = position
    while let scalar = next, scalar != "\n" {
      if scalar == "#", Self.isBlank(scalars[position - 1]) { break }
      position += 1
      if !Self.isBlank(scalar) { end = position }
    }
    return (
      String(String.UnicodeScalarView(scalars[start..<end])), place(start, length: end - start)
    )
  }

  /// The line is not quoted: it may hold a secret.
  private mutating func report(_ message: String, at location: SourceLocation) {
    diagnostics.append(
      Diagnostic(
        .malformedInput, message, at: location,
        hint: "write one line per input: `name=value`, or `name=\"a value\"`", quotation: .none))
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\r"
  }
}
