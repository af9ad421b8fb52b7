import Playbooks

/// A comment, from its `#` to the last character of its line that is no blank.
struct LayoutComment: Sendable, Hashable {
  var text: String
  var mark: YAMLMark
  /// Whether the line before it is blank.
  var followsBlank = false
  /// How many blanks stand before it when it is behind something on its line.
  var gap: Int
}

/// A value as it was written, with the comments around its parts.
struct LayoutNode: Sendable, Hashable {
  indirect enum Content: Sendable, Hashable {
    case alias(String)
    case scalar(LayoutScalar)
    case list([LayoutEntry])
    case map([LayoutEntry])
  }

  /// Anchor and tag as written, with one blank between them; empty when there are none.
  var properties = ""
  var content: Content
  /// Whether it is a collection between brackets or braces, or stands inside of one.
  var isFlow = false
  /// The comments behind the last entry of a collection, or below a value that was left out.
  var closing: [LayoutComment] = []

  /// Its entries, of a list or a map; none of a scalar.
  var entries: [LayoutEntry] {
    switch content {
    case .list(let entries), .map(let entries): entries
    case .alias, .scalar: []
    }
  }

  /// Whether it is a list or a map.
  var isCollection: Bool {
    switch content {
    case .list, .map: true
    case .alias, .scalar: false
    }
  }
}

/// An element of a list, or a key of a map with its value.
struct LayoutEntry: Sendable, Hashable {
  /// The comments on the lines before it.
  var leading: [LayoutComment] = []
  /// Whether the line before it, below these comments, is blank.
  var followsBlank = false
  /// The key; nil in a list.
  var key: LayoutNode?
  var value: LayoutNode
  /// The comment behind it, on the line of its value, or of its key when that is a block.
  var remark: LayoutComment?

  /// The text of the key; nil in a list, and where the key is an alias.
  var keyText: String? {
    if case .scalar(let scalar)? = key?.content { scalar.text } else { nil }
  }
}

/// A scalar as it was written.
struct LayoutScalar: Sendable, Hashable {
  /// What it says.
  var text: String
  var style: YAMLNode.Style
  /// Its lines without indentation: of a block scalar those below its header, else with their quotes.
  var lines: [String]
  /// How a block scalar ends: `-`, `+` or nothing.
  var chomping = ""

  /// Whether it is a block scalar.
  var isBlock: Bool { style == .literal || style == .folded }

  /// Whether nothing was written.
  var isEmpty: Bool { style == .plain && text.isEmpty }

  /// It on one line, in the preferred quotes; nil for a block scalar and for one of several lines.
  var line: String? {
    guard !isBlock, lines.count <= 1 else { return nil }
    let written = lines.first ?? ""
    guard style != .plain else { return written }
    return YAMLWriter.plainlyQuoted(text) ?? written
  }
}

/// A document as it was written.
struct LayoutDocument: Sendable, Hashable {
  /// The comments before the marker, or before everything when there is none.
  var header: [LayoutComment] = []
  /// The comments between the marker `---` and the first key; nil without a marker.
  var belowMarker: [LayoutComment]?
  /// Whether a blank line stands before the first key.
  var followsBlank = false
  var root: LayoutNode
  /// Whether something in it has an anchor.
  var hasAnchors = false
}
