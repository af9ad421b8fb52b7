import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// The rules of a step with steps of its own.
protocol GroupRules: StepRules {}

extension GroupRules {
  var isGroup: Bool { true }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {}

  func memberEnded(_ id: NodeID, in machine: inout RunMachine) { machine.groupContinues(id) }

  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine) {
    machine.stopGroup(id, after: limit)
  }
}

/// `steps`: some steps, one after another.
struct BlockStep: GroupRules {
  var kind: StepSummary.Kind { .block }
}

/// `parallel`: named branches at once.
struct ParallelStep: GroupRules {
  var kind: StepSummary.Kind { .parallel }
}

/// The rules that groups share.
extension RunMachine {
  /// A child of a group is over: others are stopped for it, and the last one ends the group.
  mutating func groupContinues(_ id: NodeID) {
    stopMembersIfBroken(of: id)
    if kernel.tree.groups[id]?.running.isEmpty ?? false { groupEnded(id) }
  }

  /// Stops the other children of a group in which one did not end well.
  mutating func stopMembersIfBroken(of id: NodeID) {
    guard let node = kernel.tree.nodes[id], let group = kernel.tree.groups[id],
      group.isStoppedByFailure, group.broken != nil,
      group.running.keys.contains(where: {
        !(kernel.tree.sequence($0)?.isStopped ?? true)
      })
    else { return }
    kernel.emit(.stopping(node.path, .stepFailed(group.broken?.origin ?? node.path)))
  }

  /// A group's time is up.
  mutating func stopGroup(_ id: NodeID, after limit: Duration) {
    guard let (node, step) = kernel.inProgress(id) else { return }
    let failure = Failure(
      .timeout, "`\(node.path)` was not done \(TimeLimit.timeout(limit).phrase)",
      location: step.step.location)
    kernel.emit(.stopping(node.path, .timedOut(failure)))
  }

  /// Nothing of a group is in progress any more.
  mutating func groupEnded(_ id: NodeID) {
    guard let (_, step) = kernel.inProgress(id), let group = kernel.certain(kernel.tree.groups[id])
    else { return }
    let given = givenValue(of: group)
    // Whatever ended the group: what is in doubt stays so, and nothing of it is tried again.
    if let broken = group.broken, broken.result.outcome == .inDoubt {
      return settle(id, broken.giving(given))
    }
    if case .timedOut(let failure) = step.stop {
      return fail(id, WorkFailure(failure, effect: .none, value: given))
    }
    if let broken = group.broken {
      guard broken.result.outcome == .failed, let failure = failure(of: group, at: id) else {
        return settle(id, broken.giving(given))
      }
      return fail(
        id, WorkFailure(failure, effect: .none, origin: broken.origin, value: given))
    }
    if let failure = group.until.failure {
      return fail(id, WorkFailure(failure, effect: .settled, value: given))
    }
    // Rounds that never began because the loop was stopped are not done.
    guard group.waiting.isEmpty else { return settle(id, Ending.cancelled.giving(given)) }
    do throws(WorkFailure) {
      succeed(id, with: try value(of: group))
    } catch {
      fail(id, error)
    }
  }

  private func value(of group: GroupState) throws(WorkFailure) -> Value {
    switch group.kind {
    case .block, .parallel, .pages: return [:]
    case .forEach: return Value.list(group.givenResults).withoutAttributes
    case .play(let playbook, let scope):
      return try WorkFailure.orSettled { () throws(Failure) -> Value in
        .map(try kernel.tree.outputs(of: playbook, in: scope))
      }
    }
  }

  /// What a `for-each` gives although it did not end well.
  private func givenValue(of group: GroupState) -> Value {
    if case .pages(let reading) = group.kind {
      return reading.loop.onFailure == .continue ? [] : [:]
    }
    guard !group.stopsAtFailure else { return [:] }
    var group = group
    for number in group.waiting {
      group.results[number] = ["error": Ending.roundVariable("the round did not begin")]
    }
    return Value.list(group.givenResults).withoutAttributes
  }
}
