import Events
import Expressions
import Operations
import Planning

/// `wait` for a duration.
struct WaitStep: StepRules {
  let duration: Duration

  var kind: StepSummary.Kind { .wait }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let end = machine.kernel.now + duration
    machine.kernel.wake(for: .pause(id), at: end)
    machine.kernel.emitWaiting(id, .pause(until: end))
  }

  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    machine.succeed(id, with: [:])
  }

  func resume(
    _ id: NodeID, _ node: Node, _ progress: StepProgress, in machine: inout RunMachine
  ) throws(WorkFailure) {
    guard case .pause(let end)? = machine.kernel.tree.step(id)?.progress.wait else {
      return try start(id, node, in: &machine)
    }
    machine.kernel.wake(for: .pause(id), at: end)
  }
}
