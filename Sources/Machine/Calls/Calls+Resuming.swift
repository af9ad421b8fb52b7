import Events
import Expressions
import Operations
import OrderedCollections
import Planning

/// Calls of a run that is continued.
extension Calls {
  /// Waits for the end of a call that was begun anew and whose request was answered before the
  /// interruption.
  mutating func resume(
    _ id: NodeID, after answer: RequestAnswer, _ progress: StepProgress,
    _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    guard let call = kernel.certain(self[id]) else { return }
    let fields = answer.fields.completed(for: call.operation)
    guard let command = answer.commandID else {
      setPhase(id, .over)
      return kernel.schedule(.callSucceeded(id, fields))
    }
    expect(command: command, data: answer.requestID, at: id)
    var wait = newWait(for: command, of: call, fields: fields, sessions, kernel)
    wait.isResumed = true
    wait.mayIdentifyCreated = answer.mayIdentifyCreated
    if let request = answer.requestID {
      setPhase(
        id, .awaitingData(DataWait(requestID: request, command: wait, fields: fields)))
    } else {
      setPhase(id, .awaitingCommand(wait))
    }
    if let verdict = progress.exchange?.verdict {
      return repeatVerdict(verdict, at: id, sessions, &kernel)
    }
    guard let session = call.session else { return pollCommand(id, &sessions, &kernel) }
    sessions.listenAgain(for: id, in: session, &kernel)
  }

  /// The end of the command is recorded, and that of the step is not.
  private mutating func repeatVerdict(
    _ verdict: CommandVerdict, at id: NodeID, _ sessions: Sessions, _ kernel: inout Kernel
  ) {
    guard let call = kernel.certain(self[id]) else { return }
    abandon(id, &kernel)
    switch verdict.state {
    case .succeeded: kernel.schedule(.callSucceeded(id, call.finishedFields))
    case .rejected:
      let failure = call.rejection(verdict.body, verdict.reason)
      kernel.schedule(.callFailed(id, WorkFailure(failure, effect: .settled)))
    case .unknown(let word):
      kernel.schedule(
        .callFailed(id, WorkFailure(call.unknownStatus(word, verdict.body), effect: .settled)))
    }
  }
}

extension Sessions {
  /// Opens the session's socket again and polls the command of a node once there is a token: what the
  /// socket would have said meanwhile does not come again.
  mutating func listenAgain(for node: NodeID, in id: SessionID, _ kernel: inout Kernel) {
    queuePoll(of: node, in: id)
    if case .closed? = self[id]?.channel.state { connect(id, &kernel) }
    guard self[id]?.hasFreshToken(at: kernel.now) ?? false else {
      return renewToken(of: id, &kernel)
    }
    pollNow(id, &kernel)
  }
}

extension ValueMap {
  /// The same with every declared field of the answer, null where it has none.
  fileprivate func completed(for operation: Operation) -> ValueMap {
    var fields = self
    for name in operation.answer.keys where fields[name] == nil { fields[name] = .null }
    return fields
  }
}
