import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// What is wrong with a template that stands where something is required.
extension ValueSchema {
  /// Every diagnostic about `template`, which stands for `what`.
  ///
  /// `typeOf` returns the type of an expression inside the template.
  func diagnostics(
    in template: Template, for what: Subject, typeOf: (Template) -> StaticType
  ) -> [Diagnostic] {
    switch (template, type) {
    case (.list(let elements, let location), .list(let element)):
      return count(elements.count, what, at: location)
        + elements.enumerated().flatMap { index, member in
          ValueSchema(element, isSensitive: isSensitive).diagnostics(
            in: member, for: what.element(index), typeOf: typeOf)
        }
    case (.map(let fields, _), .map(let element)):
      return fields.flatMap { name, member in
        ValueSchema(element, isSensitive: isSensitive).diagnostics(
          in: member, for: what.value(name), typeOf: typeOf)
      }
    case (.map(let members, let location), .record(let fields)):
      return members.flatMap { name, member in
        guard let field = fields[name] else {
          return [
            unknownField(name, what, at: member.location, among: fields, besides: members.keys)
          ]
        }
        return schema(ofPart: field.schema).diagnostics(
          in: member, for: what.value(name), typeOf: typeOf)
      } + missingFields(what, at: location, among: fields, besides: members.keys)
    case (.literal(let value, let location, let written), _):
      return diagnostics(in: value, written: written, at: location, for: what)
    case (.list, .any), (.map, .any): return []
    case (.list, _):
      return [mismatch(what, "a list", at: template.location, hint: fieldsHint)]
    case (.map, _):
      return [mismatch(what, "a map", at: template.location, hint: mapHint)]
    case (.expression, _), (.text, _):
      let found = typeOf(template)
      guard !type.admits(found) else { return partDiagnostics(in: template, for: what) }
      return [
        mismatch(what, found.phrase, at: template.location, hint: conversionHint(from: found))
      ]
    }
  }

  /// The diagnostics about the records in an expression that uses no name.
  private func partDiagnostics(in template: Template, for what: Subject) -> [Diagnostic] {
    guard type.holdsRecord, case .expression(let expression) = template,
      let value = expression.constant
    else { return [] }
    return partObjections(to: value).map { flaw in
      let part = flaw.path.isEmpty ? "\(what)" : "in \(what), `\(flaw.path)`"
      let code: DiagnosticCode =
        switch flaw.objection {
        case .wrongType: .wrongType
        case .notAllowed: .wrongValue
        case .outOfRange: .outOfRange
        case .unmatched: .wrongPattern
        case .unknownField: .unknownField
        case .missingField: .missingField
        }
      return Diagnostic(
        code, "\(part) \(flaw.objection.phrase)", at: template.location,
        quotation: holdsSecret ? .none : .line)
    }
  }

  /// Every diagnostic about a value as written at `location`; a secret one is never quoted.
  func diagnostics(
    in value: Value, written: String? = nil, at location: SourceLocation?, for what: Subject
  ) -> [Diagnostic] {
    objections(to: value).map { objection in
      switch objection {
      case .wrongType:
        mismatch(
          what, StaticType(of: value).phrase, at: location,
          hint: holdsSecret || value.holdsSecret
            ? fieldsHint : quotingHint(value, written: written),
          fix: holdsSecret || value.holdsSecret ? nil : quotingFix(value, written, at: location))
      case .notAllowed(let allowed):
        Diagnostic(
          .wrongValue,
          "\(what) \(objection.phrase)\(shown(value).map { ", not \($0)" } ?? "")", at: location,
          hint: holdsSecret || value.isSecret
            ? nil : value.text.flatMap { didYouMean($0, among: allowed.map(\.displayText)) },
          fix: holdsSecret || value.isSecret ? nil : spellingFix(value, allowed, at: location))
      case .outOfRange:
        Diagnostic(.outOfRange, "\(what) \(objection.phrase)", at: location)
      case .unmatched:
        Diagnostic(
          .wrongPattern,
          "\(what) is \(shown(value).map { "\($0), which" } ?? "a string that") \(objection.phrase)",
          at: location)
      case .unknownField, .missingField:
        Diagnostic(.wrongType, "\(what) \(objection.phrase)", at: location)
      }
    }
  }

  /// The diagnostic about a field that the record does not have.
  func unknownField(
    _ name: String, _ what: Subject, at location: SourceLocation,
    among fields: OrderedDictionary<String, InputDeclaration>,
    besides given: some Collection<String>
  ) -> Diagnostic {
    // It may be a secret in plain text, under a name that is misspelt or none of them.
    let meant = nearestName(to: name, among: fields.keys).flatMap { fields[$0] }
    let mayBeSecret = fields.contains { field, declaration in
      declaration.type.holdsSecret
        && (!given.contains(field) || meant?.type.holdsSecret ?? true)
    }
    return Diagnostic(
      .unknownField, "\(what) has no field `\(name)`", at: location,
      hint: didYouMean(name, among: fields.keys)
        ?? "the fields are \(PlaybookReader.enumeration(of: Array(fields.keys)))",
      quotation: mayBeSecret || isSensitive ? .none : .line)
  }

  /// The diagnostics about the fields that the record needs and `given` lacks; one that a misspelt name
  /// means is not missing.
  func missingFields(
    _ what: Subject, at location: SourceLocation,
    among fields: OrderedDictionary<String, InputDeclaration>,
    besides given: some Collection<String>
  ) -> [Diagnostic] {
    let misspelt = given.filter { fields[$0] == nil }
      .compactMap { nearestName(to: $0, among: fields.keys) }
    return fields.compactMap { name, field in
      guard field.defaultValue == nil, !given.contains(name), !misspelt.contains(name) else {
        return nil
      }
      return Diagnostic(
        .missingField, "\(what) needs the field `\(name)` (\(field.phrase))", at: location)
    }
  }

  private func count(
    _ elements: Int, _ what: Subject, at location: SourceLocation
  ) -> [Diagnostic] {
    let demand = Measure.count(elements, unit: "element").demand(
      minimum: minimum, maximum: maximum, isHidden: false)
    return demand.map { [Diagnostic(.outOfRange, "\(what) \($0)", at: location)] } ?? []
  }

  /// The value as a message may quote it, or nil when it is secret, no scalar or long.
  private func shown(_ value: Value) -> String? {
    guard !holdsSecret, !value.holdsSecret else { return nil }
    switch value {
    case .string, .int, .uint, .double, .bool:
      let text = value.displayText
      let isShort = text.unicodeScalars.count <= 60 && !text.contains(where: \.isNewline)
      return isShort ? "`\(text)`" : nil
    case .null, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown: return nil
    }
  }

  private func mismatch(
    _ what: Subject, _ found: String, at location: SourceLocation?, hint: String?, fix: Fix? = nil
  ) -> Diagnostic {
    Diagnostic(
      .wrongType, "\(what) must be \(type.phrase), not \(found)", at: location, hint: hint,
      fix: fix)
  }
}

/// Hints.
extension ValueSchema {
  private var fieldsHint: String? {
    guard case .record(let fields) = type else { return nil }
    return "write a map with the fields \(PlaybookReader.enumeration(of: Array(fields.keys)))"
  }

  private var mapHint: String? {
    type == .string ? "is it an expression? write it as `${{ … }}`" : nil
  }

  /// What to write instead, in the words of the file: rewriting a number would change it.
  private func quotingHint(_ value: Value, written: String?) -> String? {
    switch (type, value) {
    case (.string, .bool), (.string, .int), (.string, .uint), (.string, .double):
      "write it in quotes: \"\(written ?? value.displayText)\""
    case (.integer, .string(let text)) where Int64(text) != nil,
      (.number, .string(let text)) where Double(text) != nil,
      (.boolean, .string(let text)) where text == "true" || text == "false":
      "write it without quotes: \(text)"
    case (.file, .string): "declare an input of type file and give `${{ inputs.… }}`"
    case (_, .null): "write a value, or leave the key out"
    case (.boolean, .string(let text)) where Self.otherBooleans.contains(text.lowercased()):
      "write true or false, without quotes"
    case (.list, .string(let text)): "write a list: [\(Self.elements(text))]"
    case (.list, .int), (.list, .double), (.list, .bool):
      "write a list: [\(written ?? value.displayText)]"
    case (.record, _): fieldsHint
    case (.string, _), (.secret, _), (.integer, _), (.number, _), (.boolean, _), (.bytes, _),
      (.file, _), (.any, _), (.list, _), (.map, _):
      nil
    }
  }

  /// The quotes that a number or a boolean lacks, where a string is required.
  private func quotingFix(
    _ value: Value, _ written: String?, at location: SourceLocation?
  ) -> Fix? {
    guard let location, type == .string else { return nil }
    switch value {
    case .bool, .int, .uint, .double:
      let text = written ?? value.displayText
      return Fix("\"\(text)\"", insteadOf: text, at: location)
    case .null, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown:
      return nil
    }
  }

  /// The allowed value that a misspelt string most likely means.
  private func spellingFix(
    _ value: Value, _ allowed: [Value], at location: SourceLocation?
  ) -> Fix? {
    guard let location, let text = value.text else { return nil }
    let texts = allowed.compactMap { $0.isPlainWord ? $0.text : nil }
    return Diagnostics.spellingFix(text, among: texts, at: location)
  }

  /// A string as the elements of a list, in quotes as JSON has them; commas separate elements.
  private static func elements(_ text: String) -> String {
    text.split(separator: ",").map { part in
      let trimmed = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      return JSON.text(.string(String(trimmed)))
    }.joined(separator: ", ")
  }

  /// What YAML 1.1 and other tools take for true and false.
  private static let otherBooleans: Set<String> = [
    "yes", "no", "on", "off", "y", "n", "0", "1", "true", "false",
  ]

  private func conversionHint(from found: StaticType) -> String? {
    switch (type, found) {
    case (.string, .int), (.string, .uint), (.string, .double), (.string, .bool):
      "convert it with `string(…)`"
    case (.integer, .string), (.integer, .double): "convert it with `int(…)`"
    case (.number, .string): "convert it with `double(…)`"
    case (.file, .string): "declare an input of type file and give `${{ inputs.… }}`"
    case (.list(let element), .list(let found)) where element.holdsRecord,
      (.map(let element), .map(_, let found)) where element.holdsRecord:
      ValueSchema(element).conversionHint(from: found).map { "in each element: \($0)" }
    case (.record(let fields), .object(let found)): Self.difference(of: found, from: fields)
    case (.record, _): fieldsHint
    case (.string, _), (.secret, _), (.integer, _), (.number, _), (.boolean, _), (.bytes, _),
      (.file, _), (.any, _), (.list, _), (.map, _):
      nil
    }
  }

  /// The first thing that keeps a map with the fields `found` from being a record with `fields`.
  private static func difference(
    of found: OrderedDictionary<String, StaticType>,
    from fields: OrderedDictionary<String, InputDeclaration>
  ) -> String? {
    let own = found.filter { !$0.value.isAttribute }
    if let unknown = own.keys.first(where: { fields[$0] == nil }) {
      return "the record has no field `\(unknown)`"
    }
    for (name, field) in fields {
      guard let type = own[name] else {
        if field.defaultValue == nil { return "the map has no field `\(name)`" }
        continue
      }
      if !field.type.admits(type) {
        return "the field `\(name)` must be \(field.type.phrase), not \(type.phrase)"
      }
    }
    return nil
  }
}

extension Value {
  /// Whether it is a string that means the same in YAML with quotes and without.
  fileprivate var isPlainWord: Bool {
    guard let text, !["true", "false", "null"].contains(text.lowercased()) else { return false }
    return text.allSatisfy { $0.isLetter || $0 == "-" || $0 == "_" }
  }
}
