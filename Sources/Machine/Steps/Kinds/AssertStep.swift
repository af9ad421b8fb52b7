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
}
