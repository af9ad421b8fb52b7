import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Plain values that are used as secrets: traced back to where they come from.
extension PlaybookChecker {
  /// Where the value of `template` comes from, and what of it is secret.
  func taint(of template: Template, in scope: NameScope) -> Taint {
    switch template {
    case .literal(let value, let location, _):
      if value.holdsSecret { return .secret }
      let isEmpty = value == .null || value == "" || value == [:] || value == .list([])
      return isEmpty ? .open : .from([.literal(value, location)])
    case .expression(let expression): return taint(of: expression, in: scope)
    case .text(let parts, _):
      return Taint(
        joining: parts.compactMap { part in
          guard case .expression(let expression) = part else { return nil }
          return taint(of: expression, in: scope)
        })
    case .list(let elements, _):
      return .elements(Taint(joining: elements.map { taint(of: $0, in: scope) }))
    case .map(let fields, _):
      return .fields(
        Dictionary(uniqueKeysWithValues: fields.map { ($0, taint(of: $1, in: scope)) }))
    }
  }

  private func taint(of expression: Expression, in scope: NameScope) -> Taint {
    Taint(
      joining: expression.contributions.map {
        taint(of: $0.variable, $0.path, at: expression.location, in: scope)
      })
  }

  /// The taint of what is found by `path` from a variable on.
  func taint(
    of variable: String, _ path: [Expression.Contribution.Part], at location: SourceLocation,
    in scope: NameScope
  ) -> Taint {
    guard variable == "steps" else {
      return path.reduce(scope.names[variable]?.taint ?? .open) { $0.following($1) }
    }
    guard case .field(let id)? = path.first,
      case .known(let result) = facts.results.use(of: id, at: location, in: scope)
    else { return .open }
    return path.dropFirst().reduce(result.taint) { $0.following($1) }
  }

  /// Notes what of `template`, which is used as something secret, is not declared so.
  mutating func noteSecret(_ template: Template, usedAs words: String, in scope: NameScope) {
    let use = SecretUse(words: words, location: template.location)
    if case .expression(let expression) = template, let value = expression.constant {
      return noteConstant(value, of: .secret, at: expression.location, usedAs: use)
    }
    guard case .expression(let expression) = template, expression.alternatives.count > 1 else {
      guard !isSecret(template, in: scope) else { return }
      return note(taint(of: template, in: scope), usedAs: use)
    }
    for alternative in expression.alternatives {
      let taints = alternative.map {
        taint(of: $0.variable, $0.path, at: expression.location, in: scope)
      }
      // What is joined to a secret is no secret itself.
      if !taints.contains(where: \.holdsSecret) { note(Taint(joining: taints), usedAs: use) }
    }
  }

  /// Notes the same of what is given to an input that is secret, or is used as a secret.
  mutating func noteSecrets(
    _ value: Template, givenTo name: String, of play: Play, _ declaration: InputDeclaration,
    _ callee: CheckedFile, in scope: NameScope
  ) {
    let words = "the secret input `\(name)` of `\(play.path.value)`"
    if declaration.type.holdsSecret {
      return noteSecrets(in: value, of: declaration.type, usedAs: words, in: scope)
    }
    let use = SecretUse(words: words, location: value.location)
    for hidden in callee.hiddenInputs where hidden.name == name {
      note(hidden.path.reduce(taint(of: value, in: scope)) { $0.following($1) }, usedAs: use)
    }
  }

  /// Notes the same of what stands where `type`, which holds secrets, has them.
  private mutating func noteSecrets(
    in value: Template, of type: ValueType, usedAs words: String, in scope: NameScope
  ) {
    guard type.holdsSecret else { return }
    switch (type, value) {
    case (.record(let fields), .map(let members, _)):
      for (name, field) in fields {
        guard let member = members[name] else { continue }
        noteSecrets(in: member, of: field.type, usedAs: words, in: scope)
      }
    case (.list(let element), .list(let members, _)) where element.holdsRecord:
      for member in members { noteSecrets(in: member, of: element, usedAs: words, in: scope) }
    case (.map(let element), .map(let members, _)) where element.holdsRecord:
      for member in members.values {
        noteSecrets(in: member, of: element, usedAs: words, in: scope)
      }
    case (_, .expression(let expression)) where type.holdsRecord:
      if let value = expression.constant {
        let use = SecretUse(words: words, location: expression.location)
        return noteConstant(value, of: type, at: expression.location, usedAs: use)
      }
      guard type.admits(self.type(of: value, in: scope)) else { return }
      note(
        taint(of: value, in: scope), of: type,
        usedAs: SecretUse(words: words, location: value.location))
    case (_, _): noteSecret(value, usedAs: words, in: scope)
    }
  }

  /// Notes what of a value with this taint is not declared secret where `type` has secrets.
  private mutating func note(_ taint: Taint, of type: ValueType, usedAs use: SecretUse) {
    guard type.holdsSecret else { return }
    switch type {
    case .record(let fields):
      for (name, field) in fields {
        note(taint.following(.field(name)), of: field.type, usedAs: use)
      }
    case .list(let element) where element.holdsRecord,
      .map(let element) where element.holdsRecord:
      note(taint.following(.element), of: element, usedAs: use)
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any, .list, .map:
      if !taint.holdsSecret { note(taint, usedAs: use) }
    }
  }

  /// Notes what of a value that stands in an expression is in the place of a secret.
  private mutating func noteConstant(
    _ value: Value, of type: ValueType, at location: SourceLocation, usedAs use: SecretUse
  ) {
    guard type.holdsSecret, value != .null, value != "" else { return }
    switch (type, value) {
    case (.record(let fields), .map(let map)):
      for (name, field) in fields {
        noteConstant(map[name] ?? .null, of: field.type, at: location, usedAs: use)
      }
    case (.list(let element), .list(let values)):
      for value in values { noteConstant(value, of: element, at: location, usedAs: use) }
    case (.map(let element), .map(let map)):
      for name in map.names {
        noteConstant(map[name] ?? .null, of: element, at: location, usedAs: use)
      }
    case (_, _): note(.from([.literal(value, location)]), usedAs: use)
    }
  }

  private mutating func note(_ taint: Taint, usedAs use: SecretUse) {
    for source in taint.sources.sorted(by: { $0.order < $1.order }) {
      switch source {
      case .input(let path): facts.hiddenInputs[path] = facts.hiddenInputs[path] ?? use
      case .literal(let value, let location):
        plainSecrets.append(value)
        report([
          Diagnostic(
            .secretInClear, "the value of \(use.words) is in the file in plain text", at: location,
            hint: "declare an input of `type: secret` and give `${{ inputs.… }}`",
            related: use.location == location ? [] : [use.related],
            severity: .warning, quotation: .none)
        ])
      }
    }
  }

  /// Warns of every input that is used as a secret, where it is declared.
  mutating func reportPlainInputs(of playbook: Playbook) {
    var reported: Set<SourceLocation> = []
    for (path, use) in facts.hiddenInputs {
      guard let input = playbook.inputs[path.name] else { continue }
      let part = input.declared(at: path.path[...])
      guard reported.insert(part.declaration.location).inserted else { continue }
      let what =
        part.fields.isEmpty
        ? path.path.isEmpty ? "the input" : "a value of the input"
        : "the field `\(part.fields.joined(separator: "."))` of the input"
      report([
        Diagnostic(
          .secretInClear,
          "\(what) `\(path.name)` is used as \(use.words), but is not declared as a secret",
          at: part.declaration.location,
          hint: "declare it as \(part.declaration.type.secretHint(at: path.path)); "
            + "it is treated as a secret either way",
          related: [use.related],
          severity: .warning, quotation: part.declaration.defaultValue == nil ? .line : .none)
      ])
    }
  }
}

/// Where and for what a value is used that must be secret.
struct SecretUse: Sendable, Hashable {
  /// Such as `the secret field `password``.
  var words: String
  var location: SourceLocation

  fileprivate var related: RelatedLocation {
    RelatedLocation("used as a secret here", at: location)
  }
}

extension ValueSource {
  /// What sources are sorted by, so that diagnostics come in the same order each time.
  fileprivate var order: String {
    switch self {
    case .input(let path): "\(path.name) \(path.path)"
    case .literal(_, let location): "\(location)"
    }
  }
}

extension Taint {
  /// The taint as the caller of a playbook sees it, whose arguments have these taints.
  func seen(by arguments: OrderedDictionary<String, Taint>) -> Taint {
    switch self {
    case .open, .secret: self
    case .from(let sources):
      Taint(
        joining: sources.map { source in
          guard case .input(let path) = source else { return .from([source]) }
          return path.path.reduce(arguments[path.name] ?? .open) { $0.following($1) }
        })
    case .fields(let fields): .fields(fields.mapValues { $0.seen(by: arguments) })
    case .elements(let taint): .elements(taint.seen(by: arguments))
    }
  }
}

extension InputDeclaration {
  /// The innermost declaration of what is found by `path`, and the names of the fields that lead there.
  fileprivate func declared(
    at path: ArraySlice<Expression.Contribution.Part>
  ) -> (fields: [String], declaration: InputDeclaration) {
    var type = self.type
    var rest = path
    while let part = rest.popFirst() {
      if case .record(let fields) = type {
        guard case .field(let name) = part, let field = fields[name] else { break }
        let inner = field.declared(at: rest)
        return ([name] + inner.fields, inner.declaration)
      }
      guard let element = type.element else { break }
      type = element
    }
    return ([], self)
  }
}

extension ValueType {
  /// How the type is declared with a secret at `path`: a map of which one field is secret is a record.
  fileprivate func secretHint(at path: [Expression.Contribution.Part]) -> String {
    guard case .field(let name)? = path.last, innermost == .map else {
      return "`type: \(secretText)`"
    }
    let fields = "fields: { \(name): { type: secret }, … }"
    guard case .map = self else { return "`type: \(recordText(with: fields))`" }
    return "`type: record` with `\(fields)`"
  }

  /// The same type with a record of `fields` for the map that is innermost, as a playbook writes it behind
  /// `type:`.
  private func recordText(with fields: String) -> String {
    guard let element, element.element != nil else { return "record, \(fields)" }
    return "\(word), of: { type: \(element.recordText(with: fields)) }"
  }

  /// The kind of the collection that holds the scalars.
  private var innermost: Collection? {
    switch self {
    case .list(let element): element.element == nil ? .list : element.innermost
    case .map(let element): element.element == nil ? .map : element.innermost
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any, .record: nil
    }
  }

  private enum Collection { case list, map }

  /// The same type with secrets for scalars, as a playbook writes it behind `type:`.
  private var secretText: String {
    element.map { "\(word), of: \($0.nestedSecretText)" } ?? "secret"
  }

  private var nestedSecretText: String {
    element == nil ? "secret" : "{ type: \(secretText) }"
  }
}

extension Expression {
  /// The value of an expression that uses no name; nil of any other.
  var constant: Value? {
    references.isEmpty ? try? evaluate(with: Bindings()) : nil
  }
}
