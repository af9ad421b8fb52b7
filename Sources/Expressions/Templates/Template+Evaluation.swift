import Diagnostics
import OrderedCollections

extension Template {
  /// The value with every expression replaced by what it yields.
  ///
  /// In text, strings stand as they are, numbers and bools as `string()` writes them, lists and
  /// maps as JSON; a secret among them makes the whole text secret. Null and bytes that are no
  /// UTF-8 are errors there. In place of an optional stands what it holds, or null; a field of a map whose
  /// value is an optional that holds nothing is left out. `limits` hold for each expression. Throws an error with
  /// `EvaluationError.unknown` where a part is unknown, unless another part is wrong.
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
      return try Self.list(elements) { element throws(EvaluationError) in
        try element.evaluate(with: bindings, limits: limits)
      }
    case .map(let fields, _):
      return try Self.map(fields) { field throws(EvaluationError) in
        try field.evaluateIfGiven(with: bindings, limits: limits)
      }
    }
  }

  private func evaluateIfGiven(
    with bindings: Bindings, limits: EvaluationLimits
  ) throws(EvaluationError) -> Value? {
    guard case .expression(let expression) = self else {
      return try evaluate(with: bindings, limits: limits)
    }
    return try expression.evaluateIfGiven(with: bindings, limits: limits)
  }

  /// The same, but an unknown value instead of an error that says that something is unknown.
  ///
  /// Lists and maps are evaluated one by one: what is known in them stays known. A text is unknown as a
  /// whole when a part of it is.
  ///
  ///     // Of `{ name: a, id: ${{ steps.a.id }} }`, where `steps.a.id` is unknown:
  ///     try template.evaluateAllowingUnknown(with: bindings)
  ///     // ["name": "a", "id": .unknown(…)]
  package func evaluateAllowingUnknown(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value {
    try evaluateIfGivenAllowingUnknown(with: bindings, limits: limits) ?? .null
  }

  /// The same for a field, which is not given where its value is an optional that holds nothing: nil then.
  package func evaluateIfGivenAllowingUnknown(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value? {
    switch self {
    case .literal, .expression, .text:
      do throws(EvaluationError) {
        return try evaluateIfGiven(with: bindings, limits: limits)
      } catch {
        guard let unknown = error.unknown else { throw error }
        return .unknown(unknown)
      }
    case .list(let elements, _):
      return try Self.list(elements) { element throws(EvaluationError) in
        try element.evaluateAllowingUnknown(with: bindings, limits: limits)
      }
    case .map(let fields, _):
      return try Self.map(fields) { field throws(EvaluationError) in
        try field.evaluateIfGivenAllowingUnknown(with: bindings, limits: limits)
      }
    }
  }

  /// The text for people: a secret is masked where it stands, what is unknown stands as
  /// `(known after apply)`, and the rest can be read.
  package func shownText(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> String {
    guard case .text(let parts, _) = self else {
      return try evaluateAllowingUnknown(with: bindings, limits: limits).shownText
    }
    return try parts.map { part throws(EvaluationError) in
      do throws(EvaluationError) {
        let (text, source) = try part.interpolated(with: bindings, limits: limits)
        return source.holdsSecret ? Secret.mask : text
      } catch {
        guard error.unknown != nil else { throw error }
        return Unknown.text
      }
    }.joined()
  }

  private static func list(
    _ elements: [Template], _ evaluate: (Template) throws(EvaluationError) -> Value
  ) throws(EvaluationError) -> Value {
    var values: [Value] = []
    var unknowns = UnknownParts()
    for element in elements {
      do throws(EvaluationError) { values.append(try evaluate(element)) } catch {
        try unknowns.add(error)
      }
    }
    try unknowns.check()
    return .list(values)
  }

  private static func map(
    _ fields: OrderedDictionary<String, Template>,
    _ evaluate: (Template) throws(EvaluationError) -> Value?
  ) throws(EvaluationError) -> Value {
    var map = ValueMap()
    var unknowns = UnknownParts()
    for (name, field) in fields {
      do throws(EvaluationError) { map[name] = try evaluate(field) } catch {
        try unknowns.add(error)
      }
    }
    try unknowns.check()
    return .map(map)
  }

  private static func join(
    _ parts: [TextPart], with bindings: Bindings, limits: EvaluationLimits
  ) throws(EvaluationError) -> Value {
    var text = ""
    var secrets: [Value] = []
    var unknowns = UnknownParts()
    for part in parts {
      do throws(EvaluationError) {
        let (piece, source) = try part.interpolated(with: bindings, limits: limits)
        text += piece
        if source.holdsSecret { secrets.append(source) }
      } catch {
        try unknowns.add(error)
      }
    }
    try unknowns.check()
    return secrets.isEmpty ? .string(text) : Value.string(text).hidden(like: secrets)
  }
}

/// What the parts of a template wait for: all sources are named, and the error of another part wins.
private struct UnknownParts {
  /// The error of the first unknown part.
  private var first: EvaluationError?
  private var unknown: Unknown?

  /// Notes a part that is unknown; throws any other error.
  mutating func add(_ error: EvaluationError) throws(EvaluationError) {
    guard let other = error.unknown else { throw error }
    if unknown == nil {
      (first, unknown) = (error, other)
    } else {
      unknown?.formUnion(other)
    }
  }

  /// Throws when some part was unknown.
  func check() throws(EvaluationError) {
    guard let first, let unknown else { return }
    throw EvaluationError(waitingFor: unknown, at: first.location)
  }
}

extension Value {
  /// The value of a template as people see it.
  fileprivate var shownText: String {
    if unknown == nil, holdsSecret { return Secret.mask }
    return text ?? displayText
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
    case .list, .map:
      if let unknown = value.unknownParts {
        throw EvaluationError(waitingFor: unknown, at: location)
      }
      return JSON.text(value)
    case .unknown(let unknown): throw EvaluationError(waitingFor: unknown, at: location)
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
