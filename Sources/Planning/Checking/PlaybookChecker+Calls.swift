import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Calls: the operation, its fields, what it answers.
extension PlaybookChecker {
  mutating func check(
    _ call: Call, of step: Step, in scope: NameScope
  ) -> (PlannedCall?, InferredValue) {
    let templates = call.arguments.compactMapValues(\.value)
    let isWhole = call.hasAllArguments && templates.count == call.arguments.count
    if let operation = api.operations[call.operation.value] {
      check(call, against: operation.fields, in: scope)
      if let fields = operation.eitherOf { checkEither(of: fields, call) }
      noteNeed(of: operation, at: call.operation.location, in: scope)
      let planned = PlannedCall(target: .operation(operation), arguments: templates)
      return (isWhole ? planned : nil, result(of: operation, in: step))
    }
    if let action = LocalAction(rawValue: call.operation.value) {
      check(call, against: action.fields, in: scope)
      if let fields = action.eitherOf { checkEither(of: fields, call) }
      if let fields = action.anyOf { checkAny(of: fields, call) }
      let planned = PlannedCall(target: .local(action), arguments: templates)
      return (isWhole ? planned : nil, InferredValue(action))
    }
    reportUnknown(call.operation)
    for template in templates.values { check(template, in: scope) }
    return (nil, .nothing)
  }

  /// What a call hands on: an ensured one also what its read gives.
  private func result(of operation: Operation, in step: Step) -> InferredValue {
    guard step.modifiers.ensure?.state != nil, let lookup = operation.lookup,
      let read = api.operations[lookup.operation]
    else { return InferredValue(operation) }
    return InferredValue(operation, foundBy: lookup, of: read)
  }

  /// A wait repeats its call, so a second effect of it must not be possible; nil for what is no read
  /// of the API.
  mutating func plannedRead(_ call: PlannedCall, at location: SourceLocation) -> PlannedRead? {
    switch call.target {
    case .operation(let operation):
      let read = PlannedRead(operation: operation, arguments: call.arguments)
      switch operation.repetition {
      case .safe, .harmless: return read
      case .detectable, .unsafe: break
      }
      report(
        .notARead, "`until` repeats its call, and this one is more than a read", at: location,
        hint: "call it in a step of its own, and wait for what it changes")
      return read
    case .local(let action):
      report(
        .notARead, "`until` repeats a call of the API, and `\(action.rawValue)` is none",
        at: location,
        hint: "call it in a step of its own, and wait for something that the API reads")
      return nil
    }
  }

  private mutating func reportUnknown(_ operation: Located<String>) {
    let api = api
    report(
      .unknownOperation, "there is no operation `\(operation.value)`", at: operation.location,
      hint: Self.suggestion(for: operation, in: api),
      fix: spellingFix(operation.value, among: Self.operationNames(in: api), at: operation.location)
    )
  }

  private static func suggestion(
    for operation: Located<String>, in api: APIDescription
  ) -> String {
    let names = operationNames(in: api)
    let section = operation.value.prefix { $0 != "." }
    let siblings = names.filter { $0.hasPrefix("\(section).") }
    let fallback =
      siblings.isEmpty
      ? "`privirun operations` lists them all"
      : "there are \(siblings.map { "`\($0)`" }.joined(separator: ", "))"
    return OperationNames.suggestion(for: operation.value, among: names) ?? fallback
  }

  private static func operationNames(in api: APIDescription) -> [String] {
    Array(api.operations.keys) + LocalAction.allCases.map(\.rawValue)
  }
}

/// Fields.
extension PlaybookChecker {
  private mutating func check(
    _ call: Call, against fields: OrderedDictionary<String, Field>, in scope: NameScope
  ) {
    let owner = call.operation.value
    checkRequired(fields, of: call)
    for (name, argument) in call.arguments {
      if let value = argument.value { check(value, in: scope) }
      if let field = fields[name] {
        argument.value.map { check($0, name, field, in: scope) }
      } else {
        let known = fields.first { $0.value.alsoKnownAs.contains(name) }?.key
        reportExtra(
          name, argument, of: owner, known: fields.keys, .unknownField, "field",
          hint: known.map { "here it is called `\($0)`" })
      }
    }
  }

  /// Reports fields that the call needs and does not give.
  private mutating func checkRequired(_ fields: OrderedDictionary<String, Field>, of call: Call) {
    let missing = fields.filter { $0.value.isRequired && call.arguments[$0.key] == nil }
    guard call.hasAllArguments, !missing.isEmpty else { return }
    let given = Self.meantNames(call.arguments, among: fields.keys)
    for (name, field) in missing where !given.contains(name) {
      guard !field.alsoKnownAs.contains(where: { given.contains($0) }) else { continue }
      let about = field.summary.isEmpty ? "" : ": \(field.summary)"
      report(
        .missingField, "`\(call.operation.value)` needs the field `\(name)`",
        at: call.operation.location,
        hint: "add `\(name)` under `with`, \(field.type.phrase)\(about)")
    }
  }

  private mutating func check(
    _ value: Template, _ name: String, _ field: Field, in scope: NameScope
  ) {
    if case .literal(.null, _, _) = value, !field.isRequired { return }
    report(
      field.schema.diagnostics(in: value, for: Subject("the field", name)) {
        type(of: $0, in: scope)
      })
    if field.isSensitive { noteSecret(value, usedAs: "the secret field `\(name)`", in: scope) }
    let standsInAddress = field.place == .path || field.place == .query
    if standsInAddress, !field.isSensitive, isSecret(value, in: scope) {
      report(
        .secretInAddress, "the field `\(name)` would put a secret into an address",
        at: value.location,
        hint: "addresses are kept in logs on the way; give a value that is not secret")
    }
  }

  /// The names that are given, misspelt ones counting as those that were meant.
  static func meantNames(
    _ arguments: OrderedDictionary<String, Argument>, among known: some Collection<String>
  ) -> Set<String> {
    arguments.keys.reduce(into: []) { given, name in
      given.insert(known.contains(name) ? name : nearestName(to: name, among: known) ?? name)
    }
  }

  mutating func reportExtra(
    _ name: String, _ argument: Argument, of owner: String, known: some Collection<String>,
    _ code: DiagnosticCode, _ what: String, hint: String? = nil
  ) {
    report(
      code, "`\(owner)` has no \(what) `\(name)`", at: argument.location,
      hint: hint ?? didYouMean(name, among: known)
        ?? (known.isEmpty
          ? "it takes none"
          : "it takes \(known.map { "`\($0)`" }.joined(separator: ", "))"),
      fix: hint == nil ? spellingFix(name, among: known, at: argument.location) : nil)
  }

  /// Reports a call that gives none of fields of which it needs at least one.
  private mutating func checkAny(of fields: [String], _ call: Call) {
    guard call.hasAllArguments, !fields.contains(where: { call.arguments[$0] != nil }) else {
      return
    }
    let names = fields.map { "`\($0)`" }.joined(separator: " or ")
    report(
      .missingField, "`\(call.operation.value)` needs \(names), or both",
      at: call.operation.location)
  }

  /// Reports a call that gives none or several of fields that stand in for each other.
  private mutating func checkEither(of fields: [String], _ call: Call) {
    let given = fields.filter { call.arguments[$0] != nil }
    guard given.count != 1, call.hasAllArguments || given.count > 1 else { return }
    let names = fields.map { "`\($0)`" }.joined(separator: " and ")
    report(
      given.isEmpty ? .missingField : .unknownField,
      "`\(call.operation.value)` needs exactly one of \(names)", at: call.operation.location)
  }
}
