import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Calls and plays: names, arguments, types.
extension Checker {
  mutating func check(
    _ call: Call, of step: Step, in scope: CheckScope
  ) -> (PlannedCall, StaticType) {
    let templates = call.arguments.mapValues(\.value)
    if let operation = api.operations[call.operation.value] {
      check(call, against: operation.fields, in: scope)
      checkSession(of: operation, step: step, at: call.operation.location, in: scope)
      let planned = PlannedCall(target: .operation(operation), arguments: templates)
      return (planned, operation.resultType)
    }
    if let action = LocalAction(rawValue: call.operation.value) {
      check(call, against: action.fields, in: scope)
      if action == .encryptData { checkEncryption(call) }
      let planned = PlannedCall(target: .local(action), arguments: templates)
      return (planned, .object(action.answer.mapValues(\.kind.staticType)))
    }
    reportUnknown(call.operation)
    for argument in call.arguments.values { check(argument.value, in: scope) }
    return (PlannedCall(target: .local(.readFile), arguments: templates), .dyn)
  }

  private mutating func reportUnknown(_ operation: Located<String>) {
    let names = Array(api.operations.keys) + LocalAction.allCases.map(\.rawValue)
    let section = operation.value.prefix { $0 != "." }
    let siblings = names.filter { $0.hasPrefix("\(section).") }
    let fallback =
      siblings.isEmpty
      ? "`privirun operations` lists them all"
      : "there are \(siblings.map { "`\($0)`" }.joined(separator: ", "))"
    report(
      "unknown-operation", "there is no operation `\(operation.value)`", at: operation.location,
      hint: didYouMean(operation.value, among: names) ?? fallback)
  }

  private mutating func checkSession(
    of operation: Operation, step: Step, at location: SourceLocation, in scope: CheckScope
  ) {
    guard operation.authorization == .token else { return }
    switch step.modifiers.session {
    case .own: return
    case .default where scope.hasSession: return
    case .default:
      report(
        "needs-session", "`\(operation.id)` needs a session and the playbook opens none",
        at: location, hint: "add `session: {username: …, password: …}`, or play this file from one",
        severity: .warning)
    case .none:
      report(
        "needs-session", "`\(operation.id)` needs a session and the step has `session: none`",
        at: location)
    }
  }

  private mutating func checkEncryption(_ call: Call) {
    guard (call.arguments["data"] == nil) == (call.arguments["file"] == nil) else { return }
    report(
      "missing-field", "`data.encrypt` needs exactly one of `data` and `file`",
      at: call.operation.location)
  }

  private mutating func check(
    _ call: Call, against fields: OrderedDictionary<String, Field>, in scope: CheckScope
  ) {
    for (name, field) in fields where field.isRequired && call.arguments[name] == nil {
      report(
        "missing-field", "`\(call.operation.value)` needs the field `\(name)`",
        at: call.operation.location,
        hint: "add `\(name)`, \(field.kind.phrase)\(field.summary.isEmpty ? "" : ": ")\(field.summary)"
      )
    }
    for (name, argument) in call.arguments {
      let type = check(argument.value, in: scope)
      guard let field = fields[name] else {
        reportExtra(name, argument, of: call.operation.value, known: fields.keys)
        continue
      }
      check(argument, name, field, type)
    }
  }

  private mutating func reportExtra(
    _ name: String, _ argument: Argument, of owner: String, known: some Collection<String>
  ) {
    let names = known.map { "`\($0)`" }.joined(separator: ", ")
    let fallback = known.isEmpty ? "it takes none" : "it takes \(names)"
    report(
      "unknown-field", "`\(owner)` has no field `\(name)`", at: argument.location,
      hint: didYouMean(name, among: known) ?? fallback)
  }

  private mutating func check(
    _ argument: Argument, _ name: String, _ field: Field, _ type: StaticType
  ) {
    guard field.kind.admits(type) || (type == .null && !field.isRequired) else {
      let quotes = field.kind == .string && argument.value.isScalarLiteral
      return report(
        "wrong-type", "`\(name)` must be \(field.kind.phrase), not \(type.description)",
        at: argument.value.location, hint: quotes ? "put it in quotes" : nil)
    }
    guard case .literal(let value, let location) = argument.value else { return }
    if case .string(let text) = value, !field.allowed.isEmpty, !field.allowed.contains(text) {
      report(
        "not-allowed", "`\(name)` cannot be `\(text)`", at: location,
        hint: didYouMean(text, among: field.allowed)
          ?? "allowed: \(field.allowed.map { "`\($0)`" }.joined(separator: ", "))")
    }
    if case .int(let number) = value { checkBounds(number, name, field, at: location) }
  }

  private mutating func checkBounds(
    _ number: Int64, _ name: String, _ field: Field, at location: SourceLocation
  ) {
    if let minimum = field.minimum, number < minimum {
      report("out-of-bounds", "`\(name)` must be at least \(minimum)", at: location)
    }
    if let maximum = field.maximum, number > maximum {
      report("out-of-bounds", "`\(name)` must be at most \(maximum)", at: location)
    }
  }
}

/// Plays.
extension Checker {
  mutating func check(
    _ play: Play, in scope: CheckScope
  ) -> (PlannedStep.Kind, StaticType) {
    let templates = play.arguments.mapValues(\.value)
    let file = play.path.location.file
    guard let callee = loaded.playbook(at: play.path.value, namedBy: file) else {
      for argument in play.arguments.values { check(argument.value, in: scope) }
      return (.block([]), .dyn)
    }
    for (name, argument) in play.arguments {
      let type = check(argument.value, in: scope)
      guard let declaration = callee.inputs[name] else {
        reportExtra(name, argument, of: play.path.value, known: callee.inputs.keys)
        continue
      }
      guard !declaration.kind.admits(type) else { continue }
      report(
        "wrong-type", "`\(name)` must be \(declaration.kind.phrase), not \(type.description)",
        at: argument.value.location)
    }
    for (name, declaration) in callee.inputs
    where declaration.defaultValue == nil && play.arguments[name] == nil {
      report(
        "missing-input", "`\(play.path.value)` needs the input `\(name)`",
        at: play.path.location,
        hint: "add it under `with`: it is \(declaration.kind.phrase)")
    }
    let checked = check(callee)
    return (.play(checked.planned, arguments: templates), checked.outputs)
  }
}

extension Template {
  fileprivate var isScalarLiteral: Bool {
    guard case .literal(let value, _) = self else { return false }
    switch value {
    case .bool, .int, .uint, .double, .null: return true
    case .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret: return false
    }
  }
}
