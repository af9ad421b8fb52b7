import Events
import Expressions
import OrderedCollections
import Planning
import Playbooks

/// `play`: another playbook, with inputs and outputs of its own.
struct PlayStep: GroupRules {
  let playbook: PlannedPlaybook
  let arguments: OrderedDictionary<String, Template>

  var kind: StepSummary.Kind { .play }
  var subject: String? { playbook.name }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    guard case .play(_, let scope)? = machine.kernel.tree.groups[id]?.kind else {
      // Its inputs have no values, which this says again.
      _ = try WorkFailure.orSettled { () throws(Failure) in
        try machine.kernel.tree.inputs(of: playbook, arguments, in: node.scope)
      }
      return
    }
    do throws(Failure) {
      try machine.kernel.tree.requireValues(of: playbook.locals, in: scope)
      guard playbook.session != nil else { return }
      _ = try machine.sessions.defaultSession(in: scope, &machine.kernel)
    } catch {
      throw WorkFailure(error, effect: .settled)
    }
  }
  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    // Its steps say what they wait for where the session is not known yet.
    if case .play(_, let scope)? = machine.kernel.tree.groups[id]?.kind,
      machine.kernel.tree.unknownCredentials(of: .default, in: scope) != nil
    {
      return
    }
    try start(id, node, in: &machine)
  }
}
