package import Diagnostics
package import Operations
package import Playbooks

/// Checks playbooks against the API: every name, field and type in every file.
package struct Planner: Sendable {
  private let api: APIDescription

  package init(api: APIDescription) {
    self.api = api
  }

  /// The outermost playbook, checked, and with it every playbook it plays.
  ///
  /// Throws all findings of all files at once when one of them is an error.
  package func check(_ loaded: LoadedPlaybooks) throws(InvalidInput) -> CheckedPlaybook {
    var checker = Checker(api: api, loaded: loaded)
    guard let first = loaded.first, let checked = checker.file(of: first) else {
      throw InvalidInput([Diagnostic("no-playbook", "no playbook was read", at: nil)])
    }
    guard checker.diagnostics.allSatisfy({ $0.severity == .warning }) else {
      throw InvalidInput(checker.diagnostics)
    }
    return CheckedPlaybook(
      source: first, planned: checked.planned, warnings: checker.diagnostics,
      api: api, digest: digest(of: loaded), dependence: checked.need?.diagnostic)
  }

  private func digest(of loaded: LoadedPlaybooks) -> String {
    SHA256Digest.hex(of: loaded.digestInput + Array(api.digest.utf8))
  }
}
