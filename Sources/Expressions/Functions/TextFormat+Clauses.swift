import OrderedCollections

extension TextFormat.Clause {
  /// How `value` is written, which is neither secret nor unknown.
  ///
  /// Throws when the clause does not write values of its type.
  func text(of value: Value, meter: inout Meter) throws(EvaluationFailure) -> String {
    switch self {
    case .string:
      if value.optionalContent == nil { return try value.formatted() }
    case .decimal: if value.isNumber { return try value.formatted() }
    case .fixed(let precision):
      if let number = try value.formattedDouble(&meter) { return number.fixed(precision) }
    case .scientific(let precision):
      if let number = try value.formattedDouble(&meter) { return number.scientific(precision) }
    case .binary:
      if case .bool(let flag) = value { return flag ? "1" : "0" }
      if let digits = value.digits(radix: 2) { return digits }
    case .octal: if let digits = value.digits(radix: 8) { return digits }
    case .hexadecimal(let isUppercase):
      if let digits = value.hexadecimalDigits {
        return isUppercase ? digits.uppercased() : digits
      }
    }
    throw EvaluationFailure("`\(spelling)` does not write \(value.typeName)", hint: types.hint)
  }

  /// The types of the values that it writes.
  var types: Types {
    switch self {
    case .string: .any
    case .decimal, .fixed, .scientific: .numbers
    case .binary: .integersAndBools
    case .octal: .integers
    case .hexadecimal: .integersAndTexts
    }
  }

  /// The clause without a precision, as it is written.
  var spelling: String {
    switch self {
    case .string: "%s"
    case .decimal: "%d"
    case .fixed: "%f"
    case .scientific: "%e"
    case .binary: "%b"
    case .octal: "%o"
    case .hexadecimal(let isUppercase): isUppercase ? "%X" : "%x"
    }
  }

  /// Values that a clause writes.
  enum Types {
    case any, numbers, integers, integersAndBools, integersAndTexts

    var hint: String {
      switch self {
      case .any: "it writes every value but optional ones"
      case .numbers: "it writes int, uint and double"
      case .integers: "it writes int and uint"
      case .integersAndBools: "it writes int, uint and bool"
      case .integersAndTexts: "it writes int, uint, string and bytes"
      }
    }

    /// Whether values of this type can be written, as far as is known.
    func accept(_ type: StaticType) -> Bool {
      guard type.optionalContent == nil else { return false }
      let types: [StaticType] =
        switch self {
        case .any: [.dyn]
        case .numbers: [.int, .uint, .double]
        case .integers: [.int, .uint]
        case .integersAndBools: [.int, .uint, .bool]
        case .integersAndTexts: [.int, .uint, .string, .bytes]
        }
      return types.contains { $0.accepts(type) }
    }
  }
}

extension Value {
  /// The value as `%s` writes it; the entries of a map are ordered by their keys.
  fileprivate func formatted() throws(EvaluationFailure) -> String {
    var text = ""
    try write(to: &text)
    return text
  }

  private func write(to text: inout String) throws(EvaluationFailure) {
    switch self {
    case .null: text += "null"
    case .double(let number): text += number.plainText
    case .type(let name): text += name
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += ", " }
        try element.write(to: &text)
      }
      text += "]"
    case .map(let map):
      guard optionalContent == nil else { throw .noOverload }
      var keys: [(text: String, key: Value)] = []
      for key in map.entries.keys { keys.append((try key.formatted(), key)) }
      keys.sort { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
      text += "{"
      for (index, (name, key)) in keys.enumerated() {
        text += index > 0 ? ", \(name): " : "\(name): "
        try map.entries[key]?.write(to: &text)
      }
      text += "}"
    case .bool, .int, .uint, .string, .bytes, .timestamp, .duration, .secret, .unknown:
      text += try convertedToString()
    }
  }

  /// A number as a double.
  ///
  /// Charges for the digits that it may have.
  fileprivate func formattedDouble(_ meter: inout Meter) throws(EvaluationFailure) -> Double? {
    try meter.charge(100)
    return switch self {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  fileprivate func digits(radix: Int) -> String? {
    switch self {
    case .int(let number): String(number, radix: radix)
    case .uint(let number): String(number, radix: radix)
    default: nil
    }
  }

  fileprivate var hexadecimalDigits: String? {
    switch self {
    case .string(let text): Self.hexadecimal(text.utf8)
    case .bytes(let bytes): Self.hexadecimal(bytes)
    default: digits(radix: 16)
    }
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let ascii = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: ascii, as: UTF8.self)
  }
}
