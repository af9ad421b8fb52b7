package import Diagnostics
package import OrderedCollections

/// A value as written in a playbook: literal, one expression, text with expressions in it, or a
/// list or map of such.
package indirect enum Template: Sendable, Hashable {
  /// A scalar without an expression, with its spelling where the value does not show it (`003`, `0x1F`).
  case literal(Value, SourceLocation, written: String? = nil)
  /// A scalar that is exactly one `${{ … }}`: the result keeps its type.
  case expression(Expression)
  /// Text and expressions, joined to one string.
  case text([TextPart], SourceLocation)
  case list([Template], SourceLocation)
  case map(OrderedDictionary<String, Template>, SourceLocation)

  /// A piece of an interpolated text.
  package enum TextPart: Sendable, Hashable {
    case literal(String)
    case expression(Expression)
  }

  /// Where the value begins in its file; for a single expression, where the text inside `${{ }}`
  /// does.
  package var location: SourceLocation {
    switch self {
    case .literal(_, let location, _), .text(_, let location), .list(_, let location),
      .map(_, let location):
      location
    case .expression(let expression): expression.location
    }
  }
}
