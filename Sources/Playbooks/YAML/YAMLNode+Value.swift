package import Diagnostics
package import Expressions

extension YAMLNode {
  /// The value of a scalar: plain ones by the core schema, all others as text; null for a list, map or hole.
  package var scalarValue: Value {
    switch content {
    case .scalar(let text, .plain): CoreSchema.value(of: text)
    case .scalar(let text, .singleQuoted), .scalar(let text, .doubleQuoted),
      .scalar(let text, .literal), .scalar(let text, .folded):
      .string(text)
    case .sequence, .mapping, .unreadable: .null
    }
  }

  /// The whole tree as plain data; keys of maps are text.
  package var value: Value {
    switch content {
    case .scalar, .unreadable: return scalarValue
    case .sequence(let elements): return .list(elements.map(\.value))
    case .mapping(let entries):
      var map = ValueMap()
      for entry in entries { map[entry.key] = entry.value.value }
      return .map(map)
    }
  }

  /// What is wrong with the first number in the node that does not fit 64 bits, or nil.
  package var tooLargeNumber: Diagnostic? {
    switch content {
    case .scalar(let text, .plain) where !CoreSchema.holds(text):
      Diagnostic(
        .numberTooLarge, "the number \(text) does not fit 64 bits", at: location,
        hint: "quote it to keep its digits as a string")
    case .scalar: nil
    case .sequence(let nodes), .unreadable(let nodes):
      nodes.lazy.compactMap(\.tooLargeNumber).first
    case .mapping(let entries): entries.lazy.compactMap(\.value.tooLargeNumber).first
    }
  }

  /// What a scalar resolves to; text for a list or map.
  package var scalarKind: CoreSchema.Kind {
    if case .scalar(let text, .plain) = content { CoreSchema.kind(of: text) } else { .text }
  }
}
