import Events
import Expressions
import Operations

/// Requests without a whole answer.
extension Calls {
  /// No answer came to the call's request, or only its head.
  ///
  /// A head with a status of success says that the request was accepted, also where the id of its
  /// command was in the body: then it may be carried out at any time.
  mutating func failed(
    _ id: NodeID, _ problem: TransportFailure, _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    guard let call = kernel.certain(self[id]), let step = kernel.tree.step(id) else { return }
    if let head = problem.head, call.operation.isDecided(byHead: head) {
      return answered(id, head, &sessions, &kernel)
    }
    let effect: WorkFailure.Effect = problem.mayHaveBeenSent ? .possible : .none
    var failure = WorkFailure(
      problem.failure(of: call.operation), effect: effect, retryAfter: problem.retryAfter)
    if let head = problem.head, !call.operation.repetition.isRepeatable {
      recordAnswer(
        OperationAnswer(status: head.status, fields: [:], verdict: .done), of: id, step, &kernel)
      failure.mayStillHappen = true
    }
    setPhase(id, .over)
    kernel.schedule(.callFailed(id, failure))
  }
}
