/// A value of a JSON document and where it was written.
package struct JSONNode: Sendable, Hashable {
  /// What a node holds, as the document has it: nothing is converted or merged yet.
  package indirect enum Content: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number with the digits of the document.
    case number(String)
    case string(String)
    case list([JSONNode])
    /// Names in the order of the document, repeated ones too.
    case map([Entry])
  }

  /// A name and its value.
  package struct Entry: Sendable, Hashable {
    /// The name with its escapes resolved, without quotes.
    package var name: String
    /// The bytes of the document that hold the name, its quotes included.
    package var nameRange: Range<Int>
    /// The value after the colon, with its own range.
    package var value: JSONNode
  }

  /// What was written at `range`.
  package var content: Content
  /// The bytes of the document, quotes and brackets included.
  package var range: Range<Int>

  /// Reads a JSON document.
  package init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
    var reader = JSONReader(bytes)
    self = try reader.readDocument()
  }

  init(content: Content, range: Range<Int>) {
    self.content = content
    self.range = range
  }
}

extension JSONNode {
  /// The value without positions; of a repeated name the last value is kept.
  package var value: Value {
    switch content {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .number(let digits): return Self.number(digits)
    case .string(let string): return .string(string)
    case .list(let elements): return .list(elements.map(\.value))
    case .map(let entries):
      var map = ValueMap()
      for entry in entries { map[entry.name] = entry.value.value }
      return .map(map)
    }
  }

  /// An int when it is written as one and fits; as a string of its digits when it does not fit, since
  /// a double would make two identifiers the same; a double otherwise.
  private static func number(_ digits: String) -> Value {
    if let int = Int64(digits) { return .int(int) }
    let isInteger = digits.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
    return isInteger ? .string(digits) : .double(Double(digits) ?? .nan)
  }

  /// The first name that its map has twice, or nil.
  var repeatedEntry: Entry? {
    switch content {
    case .null, .bool, .number, .string: return nil
    case .list(let elements): return elements.lazy.compactMap(\.repeatedEntry).first
    case .map(let entries):
      var names: Set<Value> = []
      for entry in entries {
        if !names.insert(.string(entry.name)).inserted { return entry }
        if let inner = entry.value.repeatedEntry { return inner }
      }
      return nil
    }
  }
}
