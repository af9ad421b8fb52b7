import Playbooks
import OrderedCollections
import Events
import Expressions
import Operations
import Planning

/// `wait: {until: …}`: a read, repeated.
extension RunMachine {
  /// One read is done: the condition holds, or another read follows.
  mutating func readFinished(_ id: NodeID, _ answer: Value) {
    guard let node = nodes[id], let step = stepState(id),
      case .working(.reading(let reading)) = step.phase,
      case .waitUntil(let condition, _, _) = step.step.kind
    else { return }
    do throws(Failure) {
      if try holds(condition, in: node.scope, binding: ["answer": answer]) {
        return succeedReading(id, node, step, answer)
      }
    } catch {
      var failure = error
      failure.answer = answer.shortened
      return fail(id, WorkFailure(failure, effect: .settled))
    }
    if reading.answer != answer {
      emitWaiting(node.path, .condition(condition.sourceText, answer: answer.shortened))
      let values = comparedValues(of: condition, in: node.scope, binding: ["answer": answer])
      updateReading(id) {
        $0.answer = answer
        $0.comparedValues = values
      }
    }
    updateReading(id) { $0.problem = nil }
    scheduleRead(id, after: nil)
  }

  private mutating func succeedReading(
    _ id: NodeID, _ node: Node, _ step: StepState, _ answer: Value
  ) {
    do throws(Failure) {
      try firstBroken(step.step.modifiers.expect, in: node.scope, binding: ["answer": answer])
    } catch {
      var failure = error
      failure.answer = answer.shortened
      return fail(id, WorkFailure(failure, effect: .settled))
    }
    succeed(id, with: answer)
  }

  mutating func scheduleRead(_ id: NodeID, after pause: Duration?) {
    guard case .waitUntil(_, _, let every) = stepState(id)?.step.kind else { return }
    updateReading(id) { $0.call?.phase = .awaitingSession }
    timers.set(.read(id), at: now + max(every, pause ?? .zero))
  }

  mutating func readAgain(_ id: NodeID) {
    updateCall(id) { $0.hasReplayed = false }
    proceedCall(id)
  }
}
