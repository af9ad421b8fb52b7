package import Expressions
import OrderedCollections
import FoundationEssentials

/// Writes a value as compact JSON (RFC 8259); secrets become `•••`.
///
/// Whoever must send a secret reveals it first. Bytes become padded base64, instants ISO 8601,
/// durations seconds such as `1.5s`; what JSON cannot tell (NaN, infinity) becomes null.
package enum JSONWriter {
  /// The JSON text of `value`, its objects in their own order.
  package static func write(_ value: Value) -> String {
    var text = ""
    append(value, to: &text)
    return text
  }

  private static func append(_ value: Value, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .int(let int): text += String(int)
    case .uint(let uint): text += String(uint)
    case .double(let double): text += double.isFinite ? String(double) : "null"
    case .string, .bytes, .timestamp, .duration, .type, .secret:
      append(quoted: value.plainText ?? Secret.mask, to: &text)
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        append(element, to: &text)
      }
      text += "]"
    case .map(let map):
      text += "{"
      for (index, member) in map.entries.enumerated() {
        if index > 0 { text += "," }
        append(quoted: member.key.plainText ?? "", to: &text)
        text += ":"
        append(member.value, to: &text)
      }
      text += "}"
    }
  }

  private static func append(quoted string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}":
        let code = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension Value {
  /// The text that stands for a scalar on the wire, or nil for lists, maps, null and secrets.
  package var plainText: String? {
    switch self {
    case .string(let text): text
    case .bool(let bool): bool ? "true" : "false"
    case .int(let int): String(int)
    case .uint(let uint): String(uint)
    case .double(let double): double.wireText
    case .bytes(let bytes): Base64.encode(bytes)
    case .timestamp(let timestamp): timestamp.wireText
    case .duration(let duration): duration.wireText
    case .type(let name): name
    case .null, .list, .map, .secret: nil
    }
  }
}

extension Double {
  fileprivate var wireText: String {
    Int64(exactly: self).map { String($0) } ?? String(self)
  }
}

extension Timestamp {
  fileprivate var wireText: String {
    let date = Date(timeIntervalSince1970: TimeInterval(seconds))
    let text = date.formatted(.iso8601)
    guard nanoseconds != 0 else { return text }
    return "\(text.dropLast()).\(fraction(nanoseconds))Z"
  }
}

extension Duration {
  fileprivate var wireText: String {
    let nanoseconds = wholeNanoseconds
    let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    let sign = nanoseconds < 0 ? "-" : ""
    return rest == 0 ? "\(sign)\(seconds)s" : "\(sign)\(seconds).\(fraction(Int32(rest)))s"
  }
}

/// Nine digits without the zeros at their end.
private func fraction(_ nanoseconds: Int32) -> String {
  var digits = String(nanoseconds)
  digits = String(repeating: "0", count: max(0, 9 - digits.count)) + digits
  while digits.last == "0" { digits.removeLast() }
  return digits
}
