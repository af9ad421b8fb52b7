extension YAMLNode {
  /// The value under `key`, or nil when this is no map or has no such key.
  package subscript(key: String) -> YAMLNode? {
    entries?.first { $0.key == key }?.value
  }

  /// The entries of a map in the order they are written, or nil when this is none.
  package var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The elements of a list, or nil when this is none.
  package var elements: [YAMLNode]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }

  /// The text of a scalar as written, whatever it would resolve to, or nil when this is none.
  package var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// What a person calls this node in a message: `a list`, `a map`, `text`, `a number`, ….
  package var kindName: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a map"
    case .scalar: Self.name(of: scalarKind)
    case .unreadable: "something unreadable"
    }
  }

  /// Whether this is a hole, whose diagnostic has been reported.
  var isUnreadable: Bool {
    if case .unreadable = content { true } else { false }
  }

  /// Every text in it, keys too.
  var texts: [String] {
    switch content {
    case .scalar(let text, _): [text]
    case .sequence(let nodes), .unreadable(let nodes): nodes.flatMap(\.texts)
    case .mapping(let entries): entries.flatMap { [$0.key] + $0.value.texts }
    }
  }

  private static func name(of kind: CoreSchema.Kind) -> String {
    switch kind {
    case .null: "null"
    case .bool: "a boolean"
    case .int: "an integer"
    case .float: "a number"
    case .text: "a string"
    }
  }
}
