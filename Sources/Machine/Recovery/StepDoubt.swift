package import Events
package import Operations
import OrderedCollections
import Planning
package import Playbooks

/// A step whose request was in flight when its run was interrupted, or ended in doubt.
package struct StepDoubt: Sendable, Hashable {
  /// The step.
  package let step: StepPath
  /// What was asked of the service.
  package let operation: Operation
  /// The request, as it was recorded before it left.
  package let request: RecordedExchange
  /// What its author wants done about it.
  package let choice: InDoubt
  /// Whether the service can be asked for the outcome of its command.
  package let hasCommand: Bool
  /// The operation that reads whether it happened; nil where there is none.
  package let read: Operation?

  /// Whether a person is asked where nothing shows what happened.
  package var asks: Bool { choice == .ask }

  /// Whether only a person can say what happened.
  package var needsPerson: Bool { !hasCommand && read == nil && asks }
}

extension RunMachine {
  /// The steps in doubt of a run that is about to be continued, in the order they began.
  package var doubts: [StepDoubt] {
    let again = Set(resumption?.reopening?.again ?? [])
    return kernel.tree.nodes.sorted { $0.key < $1.key }.compactMap { id, node in
      guard let step = kernel.tree.step(id), case .working = step.phase,
        step.rules.isInFlight(step.progress),
        let rules = step.rules.request(of: step.progress, at: node, in: self),
        !(step.progress.doubt?.isDone ?? false), let exchange = step.progress.exchange,
        exchange.verdict == nil || rules.isRefusedRepeat(step.progress), !again.contains(node.path)
      else { return nil }
      return StepDoubt(
        step: node.path, operation: rules.operation, request: exchange,
        choice: step.step.modifiers.inDoubt ?? .ask,
        hasCommand: rules.doubt(about: step.progress) == nil, read: read(for: rules.operation))
    }
  }

  private func read(for operation: Operation) -> Operation? {
    guard let lookup = operation.lookup,
      let read = kernel.plan.api.operations[lookup.operation], lookup.suffices(for: read)
    else { return nil }
    return read
  }
}
