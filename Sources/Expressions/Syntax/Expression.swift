package import Diagnostics

/// One parsed CEL expression and where it stands.
///
/// CEL is the Common Expression Language (github.com/google/cel-spec); the whole grammar is read.
package struct Expression: Sendable {
  /// The text between `${{` and `}}`, trimmed.
  package let source: String
  /// Where that text begins; its length is the text's first line.
  package let location: SourceLocation
  /// The tree the text was read into.
  let root: SyntaxNode

  private let places: SourceMap

  /// The longest text that is read, in Unicode scalars.
  package static let sourceLimit = 65_536
  /// The deepest tree that is read; every recursion over an expression is bounded by it.
  package static let depthLimit = 100

  /// Reads `source`, which begins at `location`.
  ///
  /// Throws one diagnostic, whose caret stands inside the expression.
  package init(parsing source: String, at location: SourceLocation) throws(InvalidInput) {
    try self.init(parsing: source, places: SourceMap(of: source, startingAt: location))
  }

  /// Reads `source`, whose scalars stand where `places` says.
  init(parsing source: String, places: SourceMap) throws(InvalidInput) {
    let scalars = Array(source.unicodeScalars)
    do throws(SyntaxError) {
      var parser = try Parser(scalars)
      root = try parser.parse()
    } catch {
      throw InvalidInput([error.diagnostic(in: places)])
    }
    self.source = source
    self.places = places
    location = places.location(of: SourceSpan(0, length: scalars.count))
  }

  /// The place of a stretch of the text.
  func location(of span: SourceSpan) -> SourceLocation {
    places.location(of: span)
  }
}

// The text decides the tree, so equality need not walk it.
extension Expression: Hashable {
  /// Whether both have the same text at the same place: a copy of the text elsewhere is not equal.
  package static func == (left: Expression, right: Expression) -> Bool {
    left.source.hasSameScalars(as: right.source) && left.places == right.places
  }

  /// Hashes the text and its place, as `==` compares them.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(source)
    hasher.combine(places)
  }
}
