package import Diagnostics
import Expressions
import Operations
import OrderedCollections
package import Planning
import Playbooks

/// A rollout file beside the playbook that it names.
extension RolloutDefinition {
  /// Everything in the file that does not go with `playbook`: errors, and warnings.
  ///
  /// Shared inputs must be inputs of it, and of their types. Of a secret only the form is checked: no
  /// variable, file or command is read. Files of inputs are looked for with `sources`.
  package func check(
    with playbook: PlannedPlaybook, sources: InputSources
  ) -> [Diagnostic] {
    var diagnostics = DiagnosticList()
    diagnostics.add(checkExpressions(TenantFacts.environment(of: playbook)))
    diagnostics.add(checkInputs(with: playbook, sources))
    return diagnostics.elements
  }

  // MARK: Expressions

  private func checkExpressions(_ environment: TypeEnvironment) -> [Diagnostic] {
    let conditions = [selection.only?.when, selection.exclude?.when].compactMap(\.self)
    var diagnostics = conditions.flatMap {
      ExpressionUse.condition.flaws(of: $0, in: environment)
    }
    if case .key(let key) = order {
      diagnostics += ExpressionUse.order.flaws(of: .expression(key), in: environment)
    }
    for lock in locks.keys { diagnostics += ExpressionUse.lock.flaws(of: lock, in: environment) }
    return diagnostics
  }

  // MARK: Inputs

  private func checkInputs(
    with playbook: PlannedPlaybook, _ sources: InputSources
  ) -> [Diagnostic] {
    var open = playbook
    open.inputs = open.inputs.filter { name, declaration in
      !declaration.type.holdsSecret && inputs.contains { $0.name == name }
    }
    // Marks that are written `$${{` are meant as they are.
    let marked: [SourceLocation?] = inputs.flatMap(\.markedScalars)
    var provided = ProvidedInputs()
    provided.take(inputs.filter { playbook.inputs[$0.name]?.type.holdsSecret != true })
    var diagnostics: [Diagnostic] = []
    do throws(InvalidInput) {
      let binder = InputBinder(sources: sources)
      diagnostics += try binder.bind(provided, to: open).warnings
        .filter { $0.code != "string-like-expression" || !marked.contains($0.location) }
    } catch {
      // The names of the whole playbook are the ones to choose from.
      diagnostics += error.diagnostics.filter { $0.code != "unknown-input" }
    }
    for input in inputs {
      guard let declaration = playbook.inputs[input.name] else {
        diagnostics.append(unknown(input, of: playbook))
        continue
      }
      diagnostics += checkSecrets(of: input, declaration, in: playbook)
    }
    return diagnostics
  }

  private func unknown(_ input: ProvidedInput, of playbook: PlannedPlaybook) -> Diagnostic {
    let names = playbook.inputs.keys.elements
    return Diagnostic(
      "unknown-input", "`\(playbook.name)` has no input `\(input.name)`", at: input.location,
      hint: didYouMean(input.name, among: names)
        ?? (names.isEmpty
          ? "the playbook has no inputs"
          : "the inputs are \(PlaybookReader.enumeration(of: names))"))
  }

  private func checkSecrets(
    of input: ProvidedInput, _ declaration: InputDeclaration, in playbook: PlannedPlaybook
  ) -> [Diagnostic] {
    guard case .file(let node) = input.source else { return [] }
    if declaration.type.holdsSecret {
      return SecretForms(name: input.name, commands: allowedCommands.keys.elements)
        .flaws(of: node, declaration.type)
    }
    guard playbook.hiddenInputs.contains(where: { $0.name == input.name }) else { return [] }
    return [
      Diagnostic(
        "secret-in-clear",
        "the input `\(input.name)` is used as a secret, and is in plain text here",
        at: input.location, hint: "declare it in the playbook as `type: secret`",
        severity: .warning, quotation: .none)
    ]
  }
}

extension ProvidedInput {
  /// Where the strings stand that hold `${{` as text.
  fileprivate var markedScalars: [SourceLocation] {
    switch source {
    case .commandLine: []
    case .file(let node): node.markedScalars
    }
  }
}

extension YAMLNode {
  fileprivate var markedScalars: [SourceLocation] {
    switch content {
    case .scalar(let text, _): text.contains("${{") ? [location] : []
    case .sequence(let nodes), .unreadable(let nodes): nodes.flatMap(\.markedScalars)
    case .mapping(let entries): entries.flatMap(\.value.markedScalars)
    }
  }
}

/// Checks that secrets are given by reference.
private struct SecretForms {
  let name: String
  /// The names of the commands that the file allows.
  let commands: [String]

  func flaws(of node: YAMLNode, _ type: ValueType) -> [Diagnostic] {
    switch (type, node.content) {
    case (.list(let element), .sequence(let nodes)): nodes.flatMap { flaws(of: $0, element) }
    case (.map(let element), .mapping(let entries)):
      entries.flatMap { flaws(of: $0.value, element) }
    case (.secret, .scalar(let text, _)): flaw(of: text, at: node.location).map { [$0] } ?? []
    case (_, .scalar), (_, .sequence), (_, .mapping), (_, .unreadable):
      [
        Diagnostic(
          "wrong-type", "the input `\(name)` must be \(type.phrase), not \(node.kindName)",
          at: node.headLocation, quotation: .none)
      ]
    }
  }

  private func flaw(of text: String, at location: SourceLocation) -> Diagnostic? {
    guard text.hasPrefix("command:") else {
      guard !SecretReader.isReference(text) else { return nil }
      return Diagnostic(
        "secret-in-clear", "the input `\(name)` is secret and must not be given in plain text",
        at: location, hint: "give `env:VARIABLE`, `file:PATH` or `command:NAME`", quotation: .none)
    }
    let command = String(text.dropFirst("command:".count))
    guard !commands.contains(command) else { return nil }
    return Diagnostic(
      "unknown-command", "the command `\(command)` is not allowed", at: location,
      hint: didYouMean(command, among: commands)
        ?? "allow it: `allow-commands: { \(command.isEmpty ? "NAME" : command): [PROGRAM, ARGUMENT] }`"
    )
  }
}
