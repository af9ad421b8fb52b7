import Events
import Expressions
import Planning
import Playbooks

/// `assert`: conditions that must be true.
struct AssertStep: StepRules {
  let assertions: [Assertion]

  var kind: StepSummary.Kind { .assert }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.firstBroken(
        assertions, in: node.scope, hiding: machine.kernel.secrets)
    }
    machine.succeed(id, with: [:])
  }

  /// What is not known yet is not false; the result says that it was left open.
  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let isKnown = try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.firstBroken(
        assertions, in: node.scope, hiding: machine.kernel.secrets)
      return try machine.kernel.tree.areKnown(assertions, in: node.scope)
    }
    guard isKnown else { return machine.leftUnread(id) }
    machine.succeed(id, with: [:])
  }
}
