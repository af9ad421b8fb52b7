package import Diagnostics
package import Expressions
import OrderedCollections
import Playbooks

/// Single values, whatever else is given.
extension InputBinder {
  /// The values of `inputs` that are right, and what is wrong with the others.
  ///
  /// What is missing is not reported, and nobody is asked. Names are those that `inputs` has.
  package func read(
    _ inputs: [ProvidedInput], of playbook: PlannedPlaybook
  ) -> (values: ValueMap, diagnostics: [Diagnostic]) {
    var values = ValueMap()
    var diagnostics: [Diagnostic] = []
    for input in inputs {
      guard let declaration = playbook.inputs[input.name] else {
        if !input.isShared { diagnostics.append(playbook.unknownInput(input)) }
        continue
      }
      var reader = self.reader(of: input.name, declaration, in: playbook)
      do throws(InvalidInput) {
        values[input.name] = try reader.read(input)
        diagnostics += reader.warnings
      } catch {
        diagnostics += error.diagnostics
      }
    }
    return (values, diagnostics)
  }

  func reader(
    of name: String, _ declaration: InputDeclaration, in playbook: PlannedPlaybook
  ) -> InputReader {
    InputReader(
      name: name, declaration: declaration, sources: sources, secretRules: secretRules,
      wording: wording,
      isUsedAsSecret: playbook.hiddenInputs.contains { $0.name == name })
  }
}

extension PlannedPlaybook {
  /// What is wrong with a value for an input that the playbook does not have.
  func unknownInput(_ input: ProvidedInput) -> Diagnostic {
    let names = inputs.keys
    let known = names.map { "`\($0)`" }.joined(separator: ", ")
    let sharingHint: String? =
      switch input.source {
      case .file where input.name == ProvidedInput.sharing,
        .line where input.name == ProvidedInput.sharing:
        "a file for several playbooks begins with `shared: true`"
      case .commandLine, .file, .line, .cell: nil
      }
    let all = names.isEmpty ? "the playbook has no inputs" : "the inputs are \(known)"
    return Diagnostic(
      .unknownInput, "`\(name)` has no input `\(input.name)`", at: input.location,
      hint: sharingHint ?? didYouMean(input.name, among: names) ?? all,
      quotation: mayShowSecret(input) ? .none : .line)
  }

  /// Whether the line of `input`, which the playbook does not have, may show a secret: the name is a
  /// misspelt one, or like no other.
  private func mayShowSecret(_ input: ProvidedInput) -> Bool {
    switch input.source {
    // Of these only the name is quoted.
    case .commandLine, .line: return false
    case .file, .cell: break
    }
    guard let meant = nearestName(to: input.name, among: inputs.keys) else {
      return inputs.values.contains { $0.type.holdsSecret }
    }
    return inputs[meant]?.type.holdsSecret ?? false
  }
}
