import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// One pass over all loaded playbooks; gathers findings as it goes.
struct Checker {
  let api: APIDescription
  let loaded: LoadedPlaybooks
  let root: Playbook
  var diagnostics: [Diagnostic] = []
  private var finished: [String: CheckedFile] = [:]

  init(api: APIDescription, loaded: LoadedPlaybooks, root: Playbook) {
    self.root = root
    self.api = api
    self.loaded = loaded
  }

  /// One file, checked: its plan, and the type of what it hands back.
  struct CheckedFile {
    let planned: PlannedPlaybook
    let outputs: StaticType
  }

  mutating func check(_ playbook: Playbook) -> CheckedFile {
    if let known = finished[playbook.location.file] { return known }
    let inputs = OrderedDictionary(
      uniqueKeysWithValues: playbook.inputs.map { ($0.key, $0.value.kind.staticType) })
    var scope = CheckScope(
      inputs: .object(inputs), ids: StepIndex(of: playbook.steps), hasSession: hasSession(playbook))
    if let session = playbook.session { check(session, in: scope) }
    let steps = check(playbook.steps, in: &scope)
    var outputs: OrderedDictionary<String, StaticType> = [:]
    for (name, output) in playbook.outputs {
      outputs[name] = check(output.value, in: scope)
    }
    let planned = PlannedPlaybook(
      name: playbook.name, file: playbook.location.file,
      inputs: playbook.inputs.mapValues { Self.completed($0, in: playbook) },
      session: playbook.session, steps: steps, outputs: playbook.outputs)
    let checked = CheckedFile(planned: planned, outputs: .object(outputs))
    finished[playbook.location.file] = checked
    return checked
  }

  /// Only the outermost playbook can be without a session: the others may be given their caller's.
  private func hasSession(_ playbook: Playbook) -> Bool {
    playbook.session != nil || playbook.location.file != root.location.file
  }

  /// A file default of a nested play, as the value that its steps see.
  private static func completed(
    _ declaration: InputDeclaration, in playbook: Playbook
  ) -> InputDeclaration {
    guard declaration.kind == .file, let path = declaration.defaultValue?.text else {
      return declaration
    }
    var completed = declaration
    let folder = FilePath.folder(of: playbook.location.file)
    completed.defaultValue = FilePath.described(
      FilePath.resolve(path, in: folder), size: .null)
    return completed
  }

  mutating func report(
    _ code: String, _ message: String, at location: SourceLocation, hint: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(
      Diagnostic(code, message, at: location, hint: hint, severity: severity))
  }

  /// The type of `template`, its findings kept.
  @discardableResult
  mutating func check(
    _ template: Template, in scope: CheckScope, binding more: [String: StaticType] = [:]
  ) -> StaticType {
    let (type, findings) = template.check(in: scope.environment(adding: more))
    diagnostics += findings
    return type
  }

  mutating func check(_ credentials: Credentials, in scope: CheckScope) {
    for (name, template) in [
      ("username", credentials.username), ("password", credentials.password),
    ] {
      let type = check(template, in: scope)
      guard !Field.Kind.string.admits(type) else { continue }
      report(
        "wrong-type", "`\(name)` must be a string, not \(type.description)", at: template.location)
    }
  }

  mutating func checkCondition(
    _ condition: Template, in scope: CheckScope, binding more: [String: StaticType] = [:]
  ) {
    let type = check(condition, in: scope, binding: more)
    guard !Field.Kind.boolean.admits(type) else { return }
    report(
      "wrong-type", "a condition must be true or false, not \(type.description)",
      at: condition.location, hint: "compare it with something, such as `… == 'ready'`")
  }

  mutating func checkAssertions(
    _ assertions: [Assertion], in scope: CheckScope, binding more: [String: StaticType] = [:]
  ) {
    for assertion in assertions {
      checkCondition(assertion.condition, in: scope, binding: more)
      if let message = assertion.message { check(message, in: scope, binding: more) }
    }
  }
}
