package import Diagnostics
package import Expressions
package import Operations
package import Playbooks

/// A playbook that was found to be right, before its inputs are known.
package struct CheckedPlaybook: Sendable, Hashable {
  /// The playbook as it was read; input binding needs its declarations.
  package var source: Playbook
  package var planned: PlannedPlaybook
  /// Findings that stop nothing.
  package var warnings: [Diagnostic]
  package var api: APIDescription
  /// SHA-256 over all files that make the plan, lower-case hex.
  package var digest: String

  /// The plan of a run with these inputs.
  package func plan(inputs: ValueMap) -> Plan {
    Plan(playbook: planned, inputs: inputs, api: api, digest: digest)
  }
}

/// Checks loaded playbooks against the API: every name, field and type in every file.
package struct Planner: Sendable {
  private let api: APIDescription

  package init(api: APIDescription) {
    self.api = api
  }

  /// The root playbook, checked, and with it every playbook it plays; throws all findings of all
  /// files at once.
  package func check(_ loaded: LoadedPlaybooks) throws(InvalidInput) -> CheckedPlaybook {
    guard let root = loaded.first else { throw InvalidInput([]) }
    var checker = Checker(api: api, loaded: loaded, root: root)
    let checked = checker.check(root)
    guard checker.diagnostics.allSatisfy({ $0.severity == .warning }) else {
      throw InvalidInput(checker.diagnostics)
    }
    return CheckedPlaybook(
      source: root, planned: checked.planned, warnings: checker.diagnostics,
      api: api, digest: SHA256Digest.hex(of: loaded.digestInput))
  }
}
