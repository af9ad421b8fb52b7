/// Why bytes are not the JSON they should be; holds no part of them.
package struct JSONError: Error, Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// The text ends inside a value: it was cut.
    case cut
    case syntax
    /// Nested deeper than `JSONReader.maximumDepth`.
    case tooDeep = "too-deep"
  }

  package var kind: Kind
  /// The offset of the first byte that does not fit, counted from 0.
  package var offset: Int

  package init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// A clause for a person, such as `JSON that ends too early, after 12 bytes`.
  package var message: String {
    switch kind {
    case .cut: "JSON that ends too early, after \(offset) bytes"
    case .syntax: "JSON that is wrong at byte \(offset)"
    case .tooDeep: "JSON nested deeper than \(JSONReader.maximumDepth) levels"
    }
  }
}
