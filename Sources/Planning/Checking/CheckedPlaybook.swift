package import Diagnostics
package import Expressions
package import Operations
import OrderedCollections
import Playbooks

/// A playbook that was found to be right, before its inputs are known.
package struct CheckedPlaybook: Sendable, Hashable {
  /// The outermost playbook, which holds every playbook it plays.
  package var planned: PlannedPlaybook
  /// Diagnostics that stop nothing.
  package var warnings: [Diagnostic]
  /// The description that the playbook was checked against.
  package var api: APIDescription
  /// What `digest` is computed of.
  let digestion: PlanDigest
  /// Why the playbook can be played by another one only, or nil when it can be run.
  package var dependence: Diagnostic?
  /// The values that stand in the files and are used as secrets.
  package var plainSecrets: [Secret] = []
  /// The time zones that its expressions know by name; nil when none has a name.
  package var zones: NamedZones?

  /// SHA-256 over all files that make the plan and the description of the API, lower-case hex.
  ///
  /// Throws a diagnostic without a location when libcrypto cannot compute it.
  package var digest: String {
    get throws(InvalidInput) { try digestion.hex }
  }

  /// The plan of a run with these inputs; what is used as a secret is one from here on.
  ///
  /// Throws when the playbook relies on the session of a caller, of which a run has none, and when a value
  /// under its `let` cannot be evaluated.
  package func plan(inputs: ValueMap) throws(InvalidInput) -> Plan {
    if let dependence { throw InvalidInput([dependence]) }
    let inputs = inputs.hiding(planned.hiddenInputs)
    try evaluateLocals(inputs)
    return Plan(
      playbook: planned, inputs: inputs, labels: try labels(inputs),
      api: api, digest: try digest, plainSecrets: plainSecrets, zones: zones)
  }

  /// What `let` gives is evaluated again when the run begins, and knows `run` then.
  private func evaluateLocals(_ inputs: ValueMap) throws(InvalidInput) {
    var names: [String: Value] = ["inputs": .map(inputs), "run": .unknown(Unknown("run"))]
    for (name, local) in planned.locals {
      do throws(EvaluationError) {
        names[name] = try local.value.evaluateAllowingUnknown(
          with: Bindings(names, zones: zones))
      } catch {
        throw InvalidInput([
          Diagnostic(
            .evaluationFailed, "`\(name)` has no value: \(error.message)", at: error.location,
            hint: error.hint)
        ])
      }
    }
  }

  /// A label of more characters is cut.
  private static let longestLabel = 100

  private func labels(_ inputs: ValueMap) throws(InvalidInput) -> OrderedDictionary<String, String>
  {
    var labels: OrderedDictionary<String, String> = [:]
    for (name, template) in planned.labels {
      do throws(EvaluationError) {
        let text = try template.shownText(
          with: Bindings(["inputs": .map(inputs)], zones: zones))
        let end = text.index(
          text.startIndex, offsetBy: Self.longestLabel, limitedBy: text.endIndex)
        labels[name] = end.map { $0 == text.endIndex ? text : text[..<$0] + "…" } ?? text
      } catch {
        throw InvalidInput([
          Diagnostic(
            .evaluationFailed, "the label `\(name)` has no value: \(error.message)",
            at: error.location, hint: error.hint)
        ])
      }
    }
    return labels
  }
}
