package import Events
import Expressions
import Operations
import Planning
import Playbooks

/// A step's place among the votes that may be open at once.
///
/// The host has so many places for all runs of a rollout (`votes-at-once`). A step asks before the intent
/// of a command on which a vote may be held, and gives its place back once the command is settled or
/// nothing of it is in flight. A step that ends while a vote on its command may still be open (it is in
/// doubt, or was stopped) leaves its place taken, since the ballot is still there: the place is free again
/// when the run is resumed and learns the outcome, or when another process continues the rollout.
enum VoteSlot: Sendable, Hashable {
  /// Exits: `held`, or gone.
  case requested
  /// Exits: gone.
  case held
}

extension RunMachine {
  /// The steps that a vote may be open about, going by what is recorded of a run that is about to be
  /// continued: they have their places from the start.
  package var openVotes: [StepPath] {
    guard resumption != nil else { return [] }
    return votingSteps.compactMap { kernel.tree.nodes[$0]?.path }
  }

  /// The steps that wait for a place among the open votes.
  package var awaitedVoteSlots: [StepPath] {
    works.voteSlotWaiters.sorted().compactMap { kernel.tree.nodes[$0]?.path }
  }

  /// Whether nothing but places among the open votes, or decisions of people, bring the run any further.
  package var waitsForVotesOnly: Bool {
    let waiters = works.voteSlotWaiters
    return !waiters.isEmpty && ending == nil && kernel.tree.waitsForDecisions(orAt: waiters)
  }

  private var votingSteps: [NodeID] {
    guard kernel.settings.asksForVoteSlots else { return [] }
    return kernel.tree.nodes.keys.sorted().filter { id in
      guard let node = kernel.tree.nodes[id], let state = kernel.tree.step(id) else { return false }
      switch state.phase {
      case .working, .backingOff: break
      case .rescuing, .rescued, .undoing, .concluding, .ended: return false
      }
      let request = state.rules.request(of: state.progress, at: node, in: self)
      return (request?.operation.isGated ?? false) && state.progress.mayHaveOpenVote
    }
  }
}

/// Asking for a place.
extension RunMachine {
  /// Whether the step may send its command; if not, it goes on with `voteSlotGranted`.
  mutating func takesVoteSlot(_ id: NodeID, for operation: Operation, _ node: Node) -> Bool {
    guard operation.isGated, kernel.settings.asksForVoteSlots else { return true }
    switch works.voteSlot(of: id) {
    case .held: return true
    case .requested: return false
    case nil: break
    }
    // A read that came before is over.
    calls.end(id)
    works.setVoteSlot(.requested, of: id)
    kernel.perform(.requestVoteSlot(node.path))
    return false
  }

  /// The time that the attempt may take by default begins when it has its place; one that the author set
  /// runs on.
  mutating func voteSlotAwaited(at path: StepPath) {
    guard let id = kernel.tree.id(of: path), let step = kernel.tree.step(id),
      works.voteSlot(of: id) == .requested
    else { return }
    if step.step.modifiers.timeout == nil { kernel.cancelTimer(for: .deadline(id)) }
    kernel.emitWaiting(id, .voteSlot)
  }

  mutating func voteSlotGranted(at path: StepPath) {
    guard let id = kernel.tree.id(of: path), let node = kernel.tree.nodes[id],
      let state = kernel.tree.step(id), let slot = works.voteSlot(of: id)
    else { return kernel.perform(.releaseVoteSlot(path)) }
    guard slot == .requested else { return }
    works.setVoteSlot(.held, of: id)
    let waited = state.progress.wait == .voteSlot
    if waited, state.step.modifiers.timeout == nil, let timeout = timeout(of: state) {
      kernel.wake(for: .deadline(id), at: kernel.now + timeout)
    }
    do throws(WorkFailure) {
      try state.rules.voteSlotGranted(id, node, afterWaiting: waited, in: &self)
    } catch {
      fail(id, error)
    }
  }

  /// Steps of a run that is continued keep the places that the host has for them.
  mutating func restoreVoteSlots() {
    for id in votingSteps { works.setVoteSlot(.held, of: id) }
  }
}

/// Giving a place back.
extension RunMachine {
  /// A call is over: where it was the step's own request and nothing of it is in flight, no vote is open.
  mutating func callEnded(_ id: NodeID, _ problem: WorkFailure?) {
    guard works.voteSlot(of: id) == .held, works.inquiry(of: id) == nil,
      works.ensuring(of: id) == nil, problem?.effect != .possible,
      let state = kernel.tree.step(id)
    else { return }
    guard problem == nil else { return giveVoteSlotBack(id, state.progress) }
    releaseVoteSlot(of: id)
  }

  /// The request of the step was turned away, or never left; a request before it may be in flight.
  mutating func giveVoteSlotBack(_ id: NodeID, _ progress: StepProgress) {
    guard works.voteSlot(of: id) == .held, !progress.followsAbsence else { return }
    releaseVoteSlot(of: id)
  }

  /// The step is over: its place is given back unless a vote may be open because of it.
  mutating func endVote(of id: NodeID, _ progress: StepProgress, _ outcome: Outcome) {
    guard let slot = works.voteSlot(of: id) else { return }
    guard slot == .held, !outcome.allowsContinuation, progress.mayHaveOpenVote else {
      return releaseVoteSlot(of: id)
    }
    works.setVoteSlot(nil, of: id)
  }

  private mutating func releaseVoteSlot(of id: NodeID) {
    works.setVoteSlot(nil, of: id)
    guard let path = kernel.tree.nodes[id]?.path else { return }
    kernel.perform(.releaseVoteSlot(path))
  }
}

extension StepProgress {
  /// Whether a vote on the latest request may be open, if the service holds one on its operation.
  fileprivate var mayHaveOpenVote: Bool {
    guard !(doubt?.isDone ?? false) else { return false }
    guard let exchange else { return followsAbsence }
    guard exchange.verdict == nil else { return followsAbsence }
    guard let answer = exchange.answer else { return true }
    guard (200..<300).contains(answer.status) else {
      return followsAbsence || Calls.effect(of: answer.status, asksToWait: false) == .possible
    }
    return answer.commandID != nil
  }
}

extension WorkFailure {
  /// As many votes were open as may be, for as long as the step could wait.
  static func noVoteSlot(within limit: Duration, _ operation: Operation) -> WorkFailure {
    WorkFailure(
      Failure(
        .timeout,
        "as many votes were open as the rollout allows, \(TimeLimit.timeout(limit).phrase)",
        hint: "a longer `timeout`, or none, waits longer; `votes-at-once` is the limit",
        operation: operation.id),
      effect: .none)
  }
}
