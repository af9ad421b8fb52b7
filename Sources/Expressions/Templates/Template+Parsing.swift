package import Diagnostics

extension Template {
  /// Reads a scalar as written, finding the `${{ … }}` in it.
  ///
  /// `locate` tells where the Unicode scalar at an offset of `text` stands; `literal` is the value
  /// used when the text holds no expression. Throws all syntax errors at once.
  package static func parse(
    _ text: String, literal: Value, locate: (Int) -> SourceLocation
  ) throws(InvalidInput) -> Template {
    .literal(literal, locate(0))
  }
}
