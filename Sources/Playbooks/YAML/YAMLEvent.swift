/// A place in a text as libyaml counts: all from 0, in Unicode scalars.
struct YAMLMark: Sendable, Hashable {
  var index: Int
  var line: Int
  var column: Int
}

/// One thing a YAML text says (YAML 1.2.2 §3.1.2, serialization events).
struct YAMLEvent: Sendable, Hashable {
  var kind: Kind
  var start: YAMLMark
  var end: YAMLMark

  enum Kind: Sendable, Hashable {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, YAMLNode.Style, Properties)
    case sequenceStart(Properties)
    case sequenceEnd
    case mappingStart(Properties)
    case mappingEnd
  }

  /// What can stand before a node: `&anchor` and `!tag`.
  struct Properties: Sendable, Hashable {
    var anchor: String?
    var tag: String?

    var isEmpty: Bool { anchor == nil && tag == nil }
  }
}
