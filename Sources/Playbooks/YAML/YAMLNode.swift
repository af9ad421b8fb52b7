package import Diagnostics

/// A node of a YAML document, every part with its place; aliases are already resolved.
package struct YAMLNode: Sendable, Hashable {
  /// How a scalar was written; only a `plain` one can be anything but text.
  package enum Style: Sendable, Hashable {
    case plain
    case singleQuoted
    case doubleQuoted
    case literal
    case folded
  }

  /// What a node is: a scalar, a list, a map or a hole.
  package enum Content: Sendable, Hashable {
    case scalar(String, Style)
    case sequence([YAMLNode])
    case mapping([Entry])
    /// A hole: what stands here is refused, as a diagnostic says. These parts of it could be read.
    ///
    /// Never in a document that was read without a diagnostic.
    case unreadable([YAMLNode])
  }

  /// One key and its value; keys are scalars, read as text, and unique.
  package struct Entry: Sendable, Hashable {
    /// The key's text, which is never resolved to another type.
    package var key: String
    /// Where the key stands; its length underlines the key as written.
    package var keyLocation: SourceLocation
    /// The value under the key; null when nothing was written.
    package var value: YAMLNode

    /// An entry of a map; that its key is unique there is for the map's maker to check.
    package init(key: String, keyLocation: SourceLocation, value: YAMLNode) {
      self.key = key
      self.keyLocation = keyLocation
      self.value = value
    }
  }

  /// The scalar with its style, or the nodes inside.
  package var content: Content
  /// Where the node begins; what an alias stands for keeps the place where it was written.
  package var location: SourceLocation

  private var places: ScalarPlaces

  /// A node made in memory: offsets in its text are counted from `location` on one line.
  package init(content: Content, location: SourceLocation) {
    self.init(content: content, location: location, places: .contiguous(lead: 0))
  }

  init(content: Content, location: SourceLocation, places: ScalarPlaces) {
    self.content = content
    self.location = location
    self.places = places
  }

  /// Where the Unicode scalar at `offset` of a scalar's text was written.
  ///
  /// Exact inside quotes, escapes, folded lines and block scalars too; an offset outside the text
  /// answers the place it would have next to it.
  package func location(ofScalarOffset offset: Int) -> SourceLocation {
    places.location(of: offset, from: location)
  }
}
