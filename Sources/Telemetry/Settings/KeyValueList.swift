import Expressions
import Operations

/// A list such as `name=value,other=value`, values percent-encoded, as `OTEL_RESOURCE_ATTRIBUTES` has it.
struct KeyValueList {
  struct Pair: Hashable {
    var name: String
    var value: String
  }

  /// In the order they stand in; of several with one name, the last one alone.
  private(set) var pairs: [Pair] = []

  /// Nil where a part has no name or no `=`, or where its value is no text.
  init?(_ text: String) {
    for part in text.split(separator: ",") where !part.allSatisfy({ $0 == " " }) {
      guard let equals = part.firstIndex(of: "=") else { return nil }
      let name = String(part[..<equals]).trimmed
      guard !name.isEmpty,
        let value = PercentEncoding.decode(
          String(part[part.index(after: equals)...]).trimmed)
      else { return nil }
      pairs.removeAll { $0.name == name }
      pairs.append(Pair(name: name, value: value))
    }
  }
}

extension KeyValueList.Pair {
  /// Whether it can be sent as a header (RFC 9110 §5.1, §5.5).
  var isHeader: Bool {
    name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      case _: Self.marks.contains(byte)
      }
    } && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  private static let marks = Set("!#$%&'*+-.^_`|~".utf8)
}
