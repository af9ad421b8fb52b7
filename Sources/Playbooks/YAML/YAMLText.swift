package import Diagnostics

/// The bytes of a file as checked text: UTF-8, without a byte order mark, printable.
package struct YAMLText: Sendable, Hashable {
  /// The whole text without a byte order mark; line ends are as in the file.
  package let text: String

  /// Checks `bytes`.
  ///
  /// Throws `file-too-large`, `not-utf-8`, `nul-byte` or `control-character`. The characters allowed
  /// are those of YAML 1.2.2 §5.1.
  package init(_ bytes: [UInt8], file: String, limits: YAMLLimits) throws(InvalidInput) {
    guard bytes.count <= limits.bytes else {
      throw InvalidInput([.tooLarge(file: file, limit: limits.bytes)])
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw InvalidInput([
        Diagnostic(
          .notUTF8, "the file is UTF-16", at: SourceLocation(file: file, line: 1, column: 1),
          hint: "save it as UTF-8")
      ])
    }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    guard let text = String(validating: body, as: UTF8.self) else {
      throw InvalidInput([Self.invalidByte(in: body, file: file)])
    }
    let diagnostics = Self.unprintable(in: text, file: file)
    guard diagnostics.isEmpty else { throw InvalidInput(diagnostics) }
    self.text = text
  }

  /// What of `bytes` can be shown, for quoting a file that is not valid text.
  package static func lossy(_ bytes: [UInt8]) -> String {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    return String(decoding: body, as: UTF8.self)
  }

  private static func invalidByte(in bytes: ArraySlice<UInt8>, file: String) -> Diagnostic {
    var position = TextPosition()
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = bytes.startIndex
    decoding: while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar):
        position.advance(over: scalar)
        offset += UTF8.width(scalar)
      case .emptyInput, .error: break decoding
      }
    }
    let byte = offset < bytes.endIndex ? String(bytes[offset], radix: 16, uppercase: true) : "?"
    return Diagnostic(
      .notUTF8, "byte 0x\(byte) at offset \(offset) is not valid UTF-8",
      at: position.location(in: file), hint: "save the file as UTF-8")
  }

  /// A file with more bad characters than this is hardly text, and the first ones are enough.
  private static let diagnosticLimit = 10

  private static func unprintable(in text: String, file: String) -> [Diagnostic] {
    // What is plain ASCII is looked at by its bytes, which is several times as fast.
    guard !text.utf8.allSatisfy(isPlain) else { return [] }
    var position = TextPosition()
    var diagnostics: [Diagnostic] = []
    for scalar in text.unicodeScalars {
      if !isAllowed(scalar) {
        diagnostics.append(diagnostic(scalar, at: position.location(in: file)))
        if diagnostics.count == diagnosticLimit { break }
      }
      position.advance(over: scalar)
    }
    return diagnostics
  }

  private static func diagnostic(
    _ scalar: Unicode.Scalar, at location: SourceLocation
  ) -> Diagnostic {
    guard scalar.value != 0 else {
      return Diagnostic(
        .nulByte, "the file holds a NUL byte", at: location,
        hint: "is this a text file? A playbook is plain UTF-8 text")
    }
    let hex = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    return Diagnostic(
      .controlCharacter, "the character U+\(padded) is not allowed", at: location,
      hint: "in a double-quoted string it can be written as `\\u\(padded)`")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte < 0x7F && (byte >= 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09)
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFEFE, 0xFF00...0xFFFD: true
    case 0x10000...: true
    default: false
    }
  }
}

/// A place that moves through a text, one Unicode scalar at a time.
///
private struct TextPosition {
  private var line = 1
  private var column = 1
  private var followsReturn = false

  mutating func advance(over scalar: Unicode.Scalar) {
    let endsPair = followsReturn && scalar == "\n"
    followsReturn = scalar == "\r"
    guard !endsPair else { return }
    if Character(scalar).endsLine {
      line += 1
      column = 1
    } else {
      column += 1
    }
  }

  func location(in file: String) -> SourceLocation {
    SourceLocation(file: file, line: line, column: column)
  }
}

extension Diagnostic {
  /// A file over the limit; the diagnostic stands at its beginning unless `location` says better.
  static func tooLarge(
    file: String, limit: Int, at location: SourceLocation? = nil
  ) -> Diagnostic {
    let location = location ?? SourceLocation(file: file, line: 1, column: 1)
    let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit) bytes"
    return Diagnostic(
      .fileTooLarge, "the file `\(file)` is larger than \(size)", at: location,
      hint: "keep data in files of their own and hand them over as inputs")
  }
}
