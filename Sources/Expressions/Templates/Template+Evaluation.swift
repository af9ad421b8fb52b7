import Diagnostics
import OrderedCollections

extension Template {
  /// The value with every expression replaced by what it yields.
  ///
  /// In text, strings stand as they are, numbers and bools as `string()` writes them, lists and
  /// maps as JSON; a secret among them makes the whole text secret. Null and bytes that are no
  /// UTF-8 are errors there. `limits` hold for each expression.
  ///
  ///     // Of `${{ n }}`, `n is ${{ n }}` and `${{ key }}!`:
  ///     try whole.evaluate(with: ["n": 3])  // .int(3)
  ///     try text.evaluate(with: ["n": 3])  // .string("n is 3")
  ///     try secret.evaluate(with: ["key": .secret(text: "s")])  // secret: .string("s!")
  package func evaluate(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value {
    switch self {
    case .literal(let value, _, _): return value
    case .expression(let expression): return try expression.evaluate(with: bindings, limits: limits)
    case .text(let parts, _): return try Self.join(parts, with: bindings, limits: limits)
    case .list(let elements, _):
      return .list(
        try elements.map { element throws(EvaluationError) in
          try element.evaluate(with: bindings, limits: limits)
        })
    case .map(let fields, _):
      var map = ValueMap()
      for (name, field) in fields {
        map[name] = try field.evaluate(with: bindings, limits: limits)
      }
      return .map(map)
    }
  }

  /// The text for people: a secret is masked where it stands, and the rest can be read.
  package func shownText(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> String {
    guard case .text(let parts, _) = self else {
      let value = try evaluate(with: bindings, limits: limits)
      return value.holdsSecret ? Secret.mask : value.text ?? value.displayText
    }
    return try parts.map { part throws(EvaluationError) in
      let (text, source) = try part.interpolated(with: bindings, limits: limits)
      return source.holdsSecret ? Secret.mask : text
    }.joined()
  }

  private static func join(
    _ parts: [TextPart], with bindings: Bindings, limits: EvaluationLimits
  ) throws(EvaluationError) -> Value {
    var text = ""
    var secrets: [Value] = []
    for part in parts {
      let (piece, source) = try part.interpolated(with: bindings, limits: limits)
      text += piece
      if source.holdsSecret { secrets.append(source) }
    }
    return secrets.isEmpty ? .string(text) : Value.string(text).hidden(like: secrets)
  }
}

extension Template.TextPart {
  /// How the part stands in the text, and the value it was made from.
  fileprivate func interpolated(
    with bindings: Bindings, limits: EvaluationLimits
  ) throws(EvaluationError) -> (text: String, source: Value) {
    switch self {
    case .literal(let literal): return (literal, .string(literal))
    case .expression(let expression):
      let value = try expression.evaluate(with: bindings, limits: limits)
      return (try expression.interpolated(value.revealed), value)
    }
  }
}

extension Expression {
  /// How `value`, the expression's own, stands in a text.
  fileprivate func interpolated(_ value: Value) throws(EvaluationError) -> String {
    switch value {
    case .null:
      throw EvaluationError(
        "null cannot be part of a string", at: location,
        hint: "give another value for null, for example `x == null ? '' : x`")
    case .list, .map: return JSON.text(value)
    case .type(let name): return name
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .secret:
      do throws(EvaluationFailure) {
        return try value.convertedToString()
      } catch {
        throw EvaluationError(error.message, at: location, hint: error.hint)
      }
    }
  }
}
