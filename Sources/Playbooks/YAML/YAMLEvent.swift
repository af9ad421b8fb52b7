/// A place in a text as libyaml counts: all from 0, in Unicode scalars.
package struct YAMLMark: Sendable, Hashable {
  /// Scalars of the text before it.
  package var index: Int
  /// Lines before its line.
  package var line: Int
  /// Scalars before it on its line.
  package var column: Int

  /// The place before the scalar `index` of the text.
  package init(index: Int, line: Int, column: Int) {
    self.index = index
    self.line = line
    self.column = column
  }
}

/// One thing a YAML text says (YAML 1.2.2 §3.1.2, serialization events).
package struct YAMLEvent: Sendable, Hashable {
  /// What it says.
  package var kind: Kind
  /// Where it begins; that of a node with an anchor or a tag is before these.
  package var start: YAMLMark
  /// Where it ends; that of a block collection is where the next token begins.
  package var end: YAMLMark

  /// The events, each node with its anchor and tag.
  package enum Kind: Sendable, Hashable {
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
  package struct Properties: Sendable, Hashable {
    /// The name behind `&`.
    package var anchor: String?
    /// The tag, with its handle replaced by the prefix.
    package var tag: String?

    /// Whether there is neither.
    package var isEmpty: Bool { anchor == nil && tag == nil }
  }
}
