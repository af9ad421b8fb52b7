package import OrderedCollections
package import Diagnostics

/// A value as written in a playbook: literal, one expression, text with expressions in it, or a
/// list or map of such.
package indirect enum Template: Sendable, Hashable {
  case literal(Value, SourceLocation)
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

  package var location: SourceLocation {
    switch self {
    case .literal(_, let location), .text(_, let location), .list(_, let location),
      .map(_, let location):
      location
    case .expression(let expression): expression.location
    }
  }
}
