/// What stands at the ends of a secret as it was read, and is seldom meant.
struct SecretEdges {
  /// The secret that is used.
  let secret: String
  /// What was left out at the beginning.
  let hasByteOrderMark: Bool

  /// The text of a file: one line break at its end and a byte order mark are no part of it.
  init(ofFile text: String) {
    let mark: Unicode.Scalar = "\u{FEFF}"
    hasByteOrderMark = text.unicodeScalars.first == mark
    let body = hasByteOrderMark ? String(text.unicodeScalars.dropFirst()) : text
    let endsLine = body.last.map { ["\n", "\r\n", "\r"].contains($0) } ?? false
    secret = endsLine ? String(body.dropLast()) : body
  }

  /// The value of a variable, all of it.
  init(ofVariable text: String) {
    hasByteOrderMark = false
    secret = text
  }

  /// The output of a command, of which white space at both ends is no part.
  init(ofOutput text: String) {
    hasByteOrderMark = false
    let start = text.drop(while: \.isWhitespace)
    secret = String(start.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// What is odd about them, such as "ends with a blank, which is used as part of the secret".
  var oddities: [String] {
    var oddities: [String] = []
    if hasByteOrderMark { oddities.append("begins with a byte order mark, which is left out") }
    if let first = secret.unicodeScalars.first, let name = Self.name(of: first) {
      oddities.append("begins with \(name), which is used as part of the secret")
    }
    if secret.unicodeScalars.count > 1, let last = secret.unicodeScalars.last,
      let name = Self.name(of: last)
    {
      oddities.append("ends with \(name), which is used as part of the secret")
    }
    return oddities
  }

  private static func name(of scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\n": "a line break"
    case "\r": "a carriage return"
    case " ": "a blank"
    case "\t": "a tab"
    case "\u{FEFF}": "a byte order mark"
    default:
      switch scalar.properties.generalCategory {
      case .control: "a control character"
      case .format: "an invisible character"
      default: scalar.properties.isWhitespace ? "white space" : nil
      }
    }
  }
}
