package import Diagnostics

/// One parsed CEL expression and where it stands.
package struct Expression: Sendable, Hashable {
  /// The text between `${{` and `}}`, trimmed.
  package let source: String
  /// Where that text begins; its length is the text's first line.
  package let location: SourceLocation

  package init(source: String, location: SourceLocation) {
    self.source = source
    self.location = location
  }
}
