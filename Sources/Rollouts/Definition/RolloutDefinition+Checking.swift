package import Diagnostics
import Expressions
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
    // `{name}` may be part of a variable's name, for which this stands.
    let rules = SecretRules(name: "name", commands: commands, reading: .formOnly)
    // Marks that are written `$${{` are meant as they are.
    let marked: [SourceLocation?] = inputs.flatMap(\.markedScalars)
    let read = InputBinder(sources: sources, secretRules: rules).read(inputs, of: playbook)
    let found = read.diagnostics.filter {
      $0.code != .stringLikeExpression || !marked.contains($0.location)
    }
    let secretLines = secretLines(of: playbook)
    return found.map { $0.unquoted(on: secretLines) }
      + inputs.compactMap { plainSecret($0, in: playbook) }
  }

  /// The lines with parts of secret inputs, which may be in plain text.
  private func secretLines(of playbook: PlannedPlaybook) -> Set<Int> {
    let secret = inputs.filter { playbook.inputs[$0.name]?.type.holdsSecret ?? false }
    return secret.reduce(into: []) { lines, input in
      if case .file(let node) = input.source, node.text == nil { lines.formUnion(node.lines) }
    }
  }

  /// A warning about a value that is used as a secret although its input is not declared as one.
  private func plainSecret(
    _ input: ProvidedInput, in playbook: PlannedPlaybook
  ) -> Diagnostic? {
    guard playbook.hiddenInputs.contains(where: { $0.name == input.name }) else { return nil }
    return Diagnostic(
      .secretInClear, "the input `\(input.name)` is used as a secret, and is in plain text here",
      at: input.location, hint: "declare it in the playbook as `type: secret`",
      severity: .warning, quotation: .none)
  }

  /// What `command:NAME` may run, by name: a program and its arguments.
  package var commands: [String: [String]] {
    Dictionary(uniqueKeysWithValues: allowedCommands.map { ($0.key, $0.value) })
  }
}

extension ProvidedInput {
  /// Where the strings stand that hold `${{` as text.
  fileprivate var markedScalars: [SourceLocation] {
    switch source {
    case .commandLine, .line, .cell: []
    case .file(let node): node.markedScalars
    }
  }
}

extension Diagnostic {
  /// The diagnostic, which does not quote one of `lines`.
  fileprivate func unquoted(on lines: Set<Int>) -> Diagnostic {
    guard let location, lines.contains(location.line) else { return self }
    var diagnostic = self
    diagnostic.quotation = .none
    return diagnostic
  }
}

extension YAMLNode {
  /// The lines on which the parts of the node begin.
  fileprivate var lines: Set<Int> {
    switch content {
    case .scalar: [location.line]
    case .sequence(let nodes), .unreadable(let nodes):
      nodes.reduce(into: [location.line]) { $0.formUnion($1.lines) }
    case .mapping(let entries):
      entries.reduce(into: [location.line]) { $0.formUnion($1.value.lines) }
    }
  }

  fileprivate var markedScalars: [SourceLocation] {
    switch content {
    case .scalar(let text, _): text.contains("${{") ? [location] : []
    case .sequence(let nodes), .unreadable(let nodes): nodes.flatMap(\.markedScalars)
    case .mapping(let entries): entries.flatMap(\.value.markedScalars)
    }
  }
}
