package import Diagnostics
package import Expressions
package import Operations

/// A playbook that was found to be right, before its inputs are known.
package struct CheckedPlaybook: Sendable, Hashable {
  package var planned: PlannedPlaybook
  /// Findings that stop nothing.
  package var warnings: [Diagnostic]
  package var api: APIDescription
  /// SHA-256 over all files that make the plan and the description of the API, lower-case hex.
  package var digest: String
  /// Why the playbook can be played by another one only, or nil when it can be run by itself.
  var dependence: Diagnostic?

  /// The plan of a run with these inputs.
  ///
  /// Throws when the playbook relies on the session of a caller, of which a run has none.
  package func plan(inputs: ValueMap) throws(InvalidInput) -> Plan {
    if let dependence { throw InvalidInput([dependence]) }
    return Plan(playbook: planned, inputs: inputs, api: api, digest: digest)
  }
}
