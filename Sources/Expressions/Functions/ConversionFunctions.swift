extension Function {
  /// The conversions, each named after its result.
  static let conversions: [Function] = [
    conversion("int", from: [.int, .uint, .double, .string, .timestamp], to: .int) {
      value throws(EvaluationFailure) in .int(try value.convertedToInt())
    },
    conversion("uint", from: [.uint, .int, .double, .string], to: .uint) {
      value throws(EvaluationFailure) in .uint(try value.convertedToUInt())
    },
    conversion("double", from: [.double, .int, .uint, .string], to: .double) {
      value throws(EvaluationFailure) in .double(try value.convertedToDouble())
    },
    conversion(
      "string", from: [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration],
      to: .string
    ) { value throws(EvaluationFailure) in .string(try value.convertedToString()) },
    conversion("bytes", from: [.bytes, .string], to: .bytes) {
      value throws(EvaluationFailure) in .bytes(try value.convertedToBytes())
    },
    conversion("bool", from: [.bool, .string], to: .bool) {
      value throws(EvaluationFailure) in .bool(try value.convertedToBool())
    },
    conversion("timestamp", from: [.timestamp, .string, .int], to: .timestamp) {
      value throws(EvaluationFailure) in .timestamp(try value.convertedToTimestamp())
    },
    conversion("duration", from: [.duration, .string], to: .duration) {
      value throws(EvaluationFailure) in .duration(try value.convertedToDuration())
    },
    conversion("dyn", from: [.dyn], to: .dyn) { value throws(EvaluationFailure) in value },
    conversion("type", from: [.dyn], to: .type) { value throws(EvaluationFailure) in
      .type(value.typeName)
    },
  ]

  private static func conversion(
    _ name: String, from types: [StaticType], to result: StaticType,
    body: @escaping @Sendable (Value) throws(EvaluationFailure) -> Value
  ) -> Function {
    Function(name, types.map { .global($0, result: result) }) {
      operands, _ throws(EvaluationFailure) in
      try body(operands[0])
    }
  }
}

extension Value {
  fileprivate func convertedToInt() throws(EvaluationFailure) -> Int64 {
    switch self {
    case .int(let number): return number
    case .uint(let number):
      guard let int = Int64(exactly: number) else { throw .outOfRange("int") }
      return int
    case .double(let number):
      // Both ends are excluded: a double there may stand for a number outside.
      guard number > -0x1p63, number < 0x1p63 else { throw .outOfRange("int") }
      return Int64(number)
    case .string(let text):
      guard let int = Int64(text) else { throw .about(self, "the text is no int") }
      return int
    case .timestamp(let timestamp): return timestamp.seconds
    case .null, .bool, .bytes, .list, .map, .duration, .type, .secret, .unknown: throw .noOverload
    }
  }

  fileprivate func convertedToUInt() throws(EvaluationFailure) -> UInt64 {
    switch self {
    case .uint(let number): return number
    case .int(let number):
      guard let uint = UInt64(exactly: number) else { throw .outOfRange("uint") }
      return uint
    case .double(let number):
      guard number >= 0, number < 0x1p64 else { throw .outOfRange("uint") }
      return UInt64(number)
    case .string(let text):
      guard let uint = UInt64(text) else { throw .about(self, "the text is no uint") }
      return uint
    case .null, .bool, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown:
      throw .noOverload
    }
  }

  fileprivate func convertedToDouble() throws(EvaluationFailure) -> Double {
    switch self {
    case .double(let number): return number
    case .int(let number): return Double(number)
    case .uint(let number): return Double(number)
    case .string(let text):
      guard let double = Double(text) else { throw .about(self, "the text is no double") }
      return double
    case .null, .bool, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown:
      throw .noOverload
    }
  }

  /// What `string()` makes of the value; also how it stands in interpolated text.
  func convertedToString() throws(EvaluationFailure) -> String {
    switch self {
    case .string(let text): return text
    case .bool(let flag): return String(flag)
    case .int(let number): return String(number)
    case .uint(let number): return String(number)
    case .double(let number): return number.text
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw EvaluationFailure("the bytes are no UTF-8 text")
      }
      return text
    case .timestamp(let timestamp): return timestamp.text
    case .duration(let duration): return duration.secondsText
    case .null, .list, .map, .type, .secret, .unknown: throw .noOverload
    }
  }

  fileprivate func convertedToBytes() throws(EvaluationFailure) -> [UInt8] {
    switch self {
    case .bytes(let bytes): bytes
    case .string(let text): Array(text.utf8)
    case .null, .bool, .int, .uint, .double, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      throw .noOverload
    }
  }

  fileprivate func convertedToBool() throws(EvaluationFailure) -> Bool {
    switch self {
    case .bool(let flag): return flag
    case .string("true"), .string("True"), .string("TRUE"), .string("t"), .string("T"),
      .string("1"):
      return true
    case .string("false"), .string("False"), .string("FALSE"), .string("f"), .string("F"),
      .string("0"):
      return false
    case .string: throw .about(self, "the text is no bool")
    case .null, .int, .uint, .double, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      throw .noOverload
    }
  }

  fileprivate func convertedToTimestamp() throws(EvaluationFailure) -> Timestamp {
    switch self {
    case .timestamp(let timestamp): return timestamp
    case .string(let text): return try Timestamp(parsing: text)
    case .int(let seconds):
      guard Timestamp.range.contains(seconds) else { throw .outOfRange("a timestamp") }
      return Timestamp(seconds: seconds, nanoseconds: 0)
    case .null, .bool, .uint, .double, .bytes, .list, .map, .duration, .type, .secret, .unknown:
      throw .noOverload
    }
  }

  fileprivate func convertedToDuration() throws(EvaluationFailure) -> Duration {
    switch self {
    case .duration(let duration): return duration
    case .string(let text): return try Duration(parsing: text)
    case .null, .bool, .int, .uint, .double, .bytes, .list, .map, .timestamp, .type, .secret,
      .unknown:
      throw .noOverload
    }
  }
}

extension Double {
  /// The shortest text that reads back as the same number, integers without `.0`.
  var text: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
