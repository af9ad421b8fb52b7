import Events
import Expressions
import Operations
import OrderedCollections
import Planning

/// What an ensured call is about, as far as another call can be about the same.
struct EnsuredThing: Sendable, Hashable {
  /// Whose it is; nil without a session, or in that of an application.
  let username: String?
  /// The operation that reads it.
  let read: String
  /// What it is found by, as `name=value`.
  let identity: [String]
}

/// Which steps make sure of which things: one at a time, so that the next one reads what the one before
/// it did.
struct EnsuredThings: Sendable {
  private var things: [NodeID: EnsuredThing] = [:]
  /// The steps that make sure of a thing, in the order in which they do; never empty.
  private var steps: [EnsuredThing: [NodeID]] = [:]

  /// Whether it is the step's turn; if not, its turn comes once the steps before it are over.
  mutating func take(_ thing: EnsuredThing, for id: NodeID) -> Bool {
    if things[id] != thing {
      _ = release(id)
      things[id] = thing
      steps[thing, default: []].append(id)
    }
    return steps[thing]?.first == id
  }

  /// The step whose end the others wait for.
  func holder(of thing: EnsuredThing) -> NodeID? { steps[thing]?.first }

  /// The step is over, or does not wait any more; returns the one whose turn it is then, and those
  /// that go on waiting.
  mutating func release(_ id: NodeID) -> [NodeID] {
    guard let thing = things.removeValue(forKey: id), let place = steps[thing]?.firstIndex(of: id)
    else { return [] }
    steps[thing]?.remove(at: place)
    let left = steps[thing] ?? []
    if left.isEmpty { steps[thing] = nil }
    return place == 0 ? left : []
  }
}

extension EnsureStep {
  /// What the call is about; nil where that is not known.
  func thing(at node: Node, in machine: RunMachine) -> EnsuredThing? {
    let arguments = try? machine.kernel.tree.evaluate(call.arguments, in: node.scope)
    return arguments.flatMap { thing(of: $0, at: node, in: machine) }
  }

  /// The same of a call that is given `arguments`.
  fileprivate func thing(
    of arguments: ValueMap, at node: Node, in machine: RunMachine
  ) -> EnsuredThing? {
    let identity = lookup.identity.map { own, theirs in (theirs, arguments[own] ?? .null) }
    guard !identity.contains(where: { $0.1.holdsUnknown }) else { return nil }
    return EnsuredThing(
      username: machine.kernel.tree.username(ofStepAt: node.path), read: lookup.operation,
      identity: identity.map { "\($0)=\($1.revealed.displayText)" })
  }
}

extension RunMachine {
  /// Whether it is the step's turn to make sure of its thing; if not, it waits for the step before it.
  ///
  /// The time that an attempt may take begins with its turn. `arguments` are those of its call; nil where
  /// they cannot be evaluated, so that nobody knows what it is about.
  mutating func takesTurn(
    _ id: NodeID, _ step: EnsureStep, _ node: Node, giving arguments: ValueMap?
  ) -> Bool {
    guard let arguments, let thing = step.thing(of: arguments, at: node, in: self) else {
      return true
    }
    guard works.things.take(thing, for: id) else {
      kernel.cancelTimer(for: .deadline(id))
      if let holder = works.things.holder(of: thing), let other = kernel.tree.nodes[holder] {
        kernel.emitWaiting(id, .step(other.path))
      }
      return false
    }
    if let state = kernel.tree.step(id), case .step? = state.progress.wait,
      let timeout = timeout(of: state)
    {
      kernel.wake(for: .deadline(id), at: kernel.now + timeout)
    }
    return true
  }

  /// The step is over: the next one that makes sure of the same thing begins.
  mutating func endTurn(of id: NodeID) {
    let waiting = works.things.release(id)
    guard let next = waiting.first else { return }
    kernel.schedule(.resume(next))
    guard let path = kernel.tree.nodes[next]?.path else { return }
    for other in waiting.dropFirst() { kernel.emitWaiting(other, .step(path)) }
  }

  /// Steps that had begun to make sure of a thing when the run was interrupted go on before those that
  /// waited for them.
  mutating func restoreTurns() {
    for id in kernel.tree.nodes.keys.sorted() {
      guard let node = kernel.tree.nodes[id], let state = kernel.tree.step(id),
        let step = state.rules as? EnsureStep, state.progress.hasReadOrSent,
        let thing = step.thing(at: node, in: self)
      else { continue }
      switch state.phase {
      case .working, .backingOff: _ = works.things.take(thing, for: id)
      case .rescuing, .rescued, .undoing, .concluding, .ended: break
      }
    }
  }
}
