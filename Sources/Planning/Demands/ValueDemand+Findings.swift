import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// What is wrong with a template that stands where something is asked for.
extension ValueDemand {
  /// Every finding about `template`, which stands for `what`.
  ///
  /// `typeOf` returns the type of an expression inside the template.
  func findings(
    in template: Template, for what: Subject, typeOf: (Template) -> StaticType
  ) -> [Diagnostic] {
    switch (template, kind) {
    case (.list(let elements, let location), .list(let element)):
      return range(elements.count, "elements", what, at: location)
        + elements.enumerated().flatMap { index, member in
          ValueDemand(element).findings(in: member, for: what.element(index), typeOf: typeOf)
        }
    case (.map(let fields, _), .map(let element)):
      return fields.flatMap { name, member in
        ValueDemand(element).findings(in: member, for: what.value(name), typeOf: typeOf)
      }
    case (.literal(let value, let location), _):
      return findings(in: value, at: location, for: what)
    case (.list, .any), (.map, .any): return []
    case (.list, _):
      return [mismatch(what, "a list", at: template.location, hint: nil)]
    case (.map, _):
      return [mismatch(what, "a map", at: template.location, hint: mapHint)]
    case (.expression, _), (.text, _):
      let type = typeOf(template)
      guard !kind.admits(type) else { return [] }
      return [mismatch(what, type.phrase, at: template.location, hint: conversionHint(from: type))]
    }
  }

  /// Every finding about a value as written at `location`; a secret one is never quoted.
  func findings(in value: Value, at location: SourceLocation?, for what: Subject) -> [Diagnostic] {
    guard kind.admits(value) else {
      let hint = value.holdsSecret ? nil : quotingHint(value)
      return [mismatch(what, StaticType(of: value).phrase, at: location, hint: hint)]
    }
    return choice(value, what, at: location) + bounds(value, what, at: location)
      + match(value, what, at: location)
  }

  private func choice(_ value: Value, _ what: Subject, at location: SourceLocation?) -> [Diagnostic]
  {
    guard !allowed.isEmpty, !allowed.contains(value.revealed) else { return [] }
    let names = allowed.map(\.displayText)
    let near = value.isSecret ? nil : value.text.flatMap { didYouMean($0, among: names) }
    let found = shown(value).map { ", not \($0)" } ?? ""
    return [
      Diagnostic(
        "not-allowed", "\(what) must be one of \(Self.list(names))\(found)", at: location,
        hint: near)
    ]
  }

  private func bounds(_ value: Value, _ what: Subject, at location: SourceLocation?) -> [Diagnostic]
  {
    switch value.revealed {
    case .int(let number): range(Int(number), "", what, at: location)
    case .uint(let number): range(Int(clamping: number), "", what, at: location)
    case .string(let text): range(text.unicodeScalars.count, "characters", what, at: location)
    case .list(let elements): range(elements.count, "elements", what, at: location)
    case .null, .bool, .double, .bytes, .map, .timestamp, .duration, .type, .secret: []
    }
  }

  private func range(
    _ measure: Int, _ unit: String, _ what: Subject, at location: SourceLocation?
  ) -> [Diagnostic] {
    let bound: String
    if let minimum, measure < minimum {
      bound = "at least \(minimum)"
    } else if let maximum, measure > maximum {
      bound = "at most \(maximum)"
    } else {
      return []
    }
    let demand = unit.isEmpty ? "must be \(bound)" : "must have \(bound) \(unit)"
    return [Diagnostic("out-of-range", "\(what) \(demand), not \(measure)", at: location)]
  }

  private func match(_ value: Value, _ what: Subject, at location: SourceLocation?) -> [Diagnostic]
  {
    guard let pattern, let text = value.text else { return [] }
    guard !InputPattern.matches(text, pattern: pattern) else { return [] }
    let found = shown(value).map { "\($0), which" } ?? "a string that"
    return [
      Diagnostic(
        "wrong-pattern", "\(what) is \(found) does not match the pattern `\(pattern)`",
        at: location)
    ]
  }

  /// The value as a message may quote it, or nil when it is secret, no scalar or long.
  private func shown(_ value: Value) -> String? {
    guard !isSensitive, !value.holdsSecret else { return nil }
    switch value {
    case .string, .int, .uint, .double, .bool:
      let text = value.displayText
      let isShort = text.unicodeScalars.count <= 60 && !text.contains(where: \.isNewline)
      return isShort ? "`\(text)`" : nil
    case .null, .bytes, .list, .map, .timestamp, .duration, .type, .secret: return nil
    }
  }

  private func mismatch(
    _ what: Subject, _ found: String, at location: SourceLocation?, hint: String?
  ) -> Diagnostic {
    Diagnostic(
      "wrong-type", "\(what) must be \(kind.phrase), not \(found)", at: location, hint: hint)
  }

  private static func list(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
  }
}

/// Hints.
extension ValueDemand {
  private var mapHint: String? {
    kind == .string ? "is it an expression? write it as `${{ … }}`" : nil
  }

  private func quotingHint(_ value: Value) -> String? {
    switch (kind, value) {
    case (.string, .bool), (.string, .int), (.string, .uint), (.string, .double):
      "write it in quotes: \"\(value.displayText)\""
    case (.integer, .string(let text)) where Int64(text) != nil,
      (.number, .string(let text)) where Double(text) != nil,
      (.boolean, .string(let text)) where text == "true" || text == "false":
      "write it without quotes: \(text)"
    case (.file, .string): "declare an input of type file and give `${{ inputs.… }}`"
    case (_, .null): "write a value, or leave the key out"
    case (.list, .string), (.list, .int), (.list, .double), (.list, .bool):
      "write a list: [\(value.displayText)]"
    case (.string, _), (.integer, _), (.number, _), (.boolean, _), (.bytes, _), (.file, _),
      (.any, _), (.list, _), (.map, _):
      nil
    }
  }

  private func conversionHint(from type: StaticType) -> String? {
    switch (kind, type) {
    case (.string, .int), (.string, .uint), (.string, .double), (.string, .bool):
      "convert it with `string(…)`"
    case (.integer, .string), (.integer, .double): "convert it with `int(…)`"
    case (.number, .string): "convert it with `double(…)`"
    case (.file, .string): "declare an input of type file and give `${{ inputs.… }}`"
    case (.string, _), (.integer, _), (.number, _), (.boolean, _), (.bytes, _), (.file, _),
      (.any, _), (.list, _), (.map, _):
      nil
    }
  }
}
