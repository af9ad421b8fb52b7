extension EncodedJSON {
  /// One line of JSON (RFC 8259) without spaces.
  ///
  /// Control, format and line-separating characters are escaped, so that the line stays one line
  /// and cannot steer a terminal.
  package var line: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .integer(let integer): text += String(integer)
    case .unsigned(let unsigned): text += String(unsigned)
    case .number(let number): Self.write(number, to: &text)
    case .text(let string): Self.write(string, to: &text)
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.name, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ number: Double, to text: inout String) {
    if number.isFinite {
      text += number.description
    } else if number.isNaN {
      text += "\"NaN\""
    } else {
      text += number < 0 ? "\"-Infinity\"" : "\"Infinity\""
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case " "..."~": text.unicodeScalars.append(scalar)
      case _ where needsEscape(scalar): writeEscape(of: scalar, to: &text)
      case _: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    case _: false
    }
  }

  private static func writeEscape(of scalar: Unicode.Scalar, to text: inout String) {
    for unit in UTF16.encode(scalar) ?? .init() {
      let hex = String(unit, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
  }
}
