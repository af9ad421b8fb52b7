package import Events
package import Expressions
package import Operations

/// One input of the machine: something that happened outside it.
package enum RunInput: Sendable {
  /// The run begins, or is continued; the first input, once.
  case start
  /// A request or download was answered, whatever the status.
  case answered(RequestID, APIResponse)
  /// A request or download failed.
  case exchangeFailed(RequestID, TransportFailure)
  /// A local action is done.
  case performed(RequestID, LocalResult)
  /// A local action failed; the message is for a person and holds no secret.
  case performFailed(RequestID, LocalFailure)
  case connected(SocketID)
  case connectFailed(SocketID, TransportFailure)
  /// A text message came.
  case received(SocketID, String)
  /// The socket is gone; nil when the other side closed it normally.
  case disconnected(SocketID, TransportFailure?)
  /// Time passed: `RunMachine.nextDeadline` is due.
  case tick
  /// Somebody asked the run to stop.
  case cancel
  /// A person decided on the step at this path.
  case decide(StepPath, ApprovalDecision)
  /// The step at this path may send its command now.
  case voteSlotGranted(StepPath)
  /// As many votes are open as may be: the step at this path waits until one is over.
  case voteSlotAwaited(StepPath)
}

/// One thing for the runner to do.
///
/// Actions are performed in order; every `record` that stands
/// before another action is durable before that action begins.
package enum RunAction: Sendable, Hashable {
  case record(RunEvent)
  indirect case exchange(RequestID, APIRequest)
  /// The answer is of no more interest; a local action ends as soon as it can.
  case abandon(RequestID)
  case perform(RequestID, LocalAction, ValueMap)
  /// The same without any effect: the result is what it would do; only plans have this.
  indirect case performDry(RequestID, LocalAction, ValueMap, DryRun)
  case connect(SocketID)
  case send(SocketID, String)
  case disconnect(SocketID)
  /// A vote may follow from the step's next command: asks the host, which answers with
  /// `voteSlotGranted`, at once or after `voteSlotAwaited`. Decided only, never performed.
  case requestVoteSlot(StepPath)
  /// No vote is open because of the step any more, or it does not wait for its place any longer.
  case releaseVoteSlot(StepPath)
  /// The run is over; always the last action.
  indirect case finish(RunResult)
  /// The run cannot go on, because of a mistake in this program; always the last action.
  case fail(String)
}

/// Names one request, download or local action of a run.
package struct RequestID: Sendable, Hashable {
  /// Counts up within one machine.
  package let number: Int

  /// The name that a machine gave.
  package init(_ number: Int) {
    self.number = number
  }
}

/// Names one WebSocket of a run.
package struct SocketID: Sendable, Hashable {
  /// Counts up within one machine.
  package let number: Int

  /// The name that a machine gave.
  package init(_ number: Int) {
    self.number = number
  }
}

/// Why a local action failed.
package struct LocalFailure: Error, Sendable, Hashable {
  /// One sentence without a full stop; holds no secret.
  package var message: String
  /// What to do next, when that is known.
  package var hint: String?

  /// A failure with this message; neither may hold a secret.
  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

extension LocalFailure {
  /// The action was ended before it was done.
  package static let interrupted = LocalFailure("the action was interrupted")
}
