import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Requests that change something.
extension EnsureStep {
  /// A request did what it should: the next follows.
  func requestDone(_ id: NodeID, with value: Value, in machine: inout RunMachine) {
    guard let (node, state) = machine.kernel.inProgress(id),
      let sent = machine.kernel.certain(state.progress.exchange?.intent.operation)
    else { return }
    var comparison =
      state.progress.comparison
      ?? StateComparison(operation: lookup.operation, change: StateChange(.create))
    if !comparison.done.contains(sent) { comparison.done.append(sent) }
    machine.kernel.emit(.stateCompared(node.path, comparison))
    goOn(id, comparison, in: &machine)
  }

  /// What was read before a long wait may be otherwise by now: it is read again, unless something was
  /// done already.
  func voteSlotGranted(
    _ id: NodeID, _ node: Node, afterWaiting waited: Bool, in machine: inout RunMachine
  ) throws(WorkFailure) {
    guard let comparison = machine.kernel.tree.step(id)?.progress.comparison,
      !(waited && comparison.done.isEmpty)
    else { return try read(id, for: .deciding, in: &machine) }
    goOn(id, comparison, in: &machine)
  }

  func requestFailed(
    _ id: NodeID, _ problem: WorkFailure, in machine: inout RunMachine
  ) {
    guard let (node, state) = machine.kernel.inProgress(id),
      problem.effect != .possible, problem.isRefusal, state.stop == nil
    else { return machine.fail(id, problem) }
    // What must go before the thing itself may be gone; if not, the removal that follows is refused.
    if let comparison = state.progress.comparison,
      let request = request(of: state.progress, at: node, in: machine),
      let last = lookup.remedies.removal.last, request.operation.id != last.operation,
      lookup.remedies.removal.contains(where: { $0.operation == request.operation.id }),
      comparison.change.kind == .remove || comparison.recreates
    {
      return requestDone(id, with: .null, in: &machine)
    }
    do throws(WorkFailure) {
      try read(id, for: .confirming(problem), in: &machine)
    } catch {
      machine.fail(id, problem)
    }
  }

  /// The service refused: if it is as asked all the same, somebody else did it.
  func confirm(
    _ standing: Lookup.Standing, _ refusal: WorkFailure, _ id: NodeID, _ ensuring: Ensuring,
    in machine: inout RunMachine
  ) {
    if let record = standing.record(asAskedBy: ensurance, lookup) {
      let change = StateChange(
        .unchanged, reason: "the service refused the request, and it is as asked")
      let lost = machine.kernel.tree.step(id).flatMap { lostChange(of: $0.progress) }
      return finish(id, record, lost ?? change, in: &machine)
    }
    let waited = machine.kernel.now - ensuring.startedAt
    guard ensuring.read.authorization != .none,
      waited < machine.kernel.settings.lookups.absence / 3
    else {
      let problem = explained(refusal, by: standing, of: ensuring.read, in: machine)
      return fail(id, problem, in: &machine)
    }
    scheduleRead(id, ensuring, in: &machine)
  }

  /// A refusal, with what a read that followed says of its cause.
  private func explained(
    _ refusal: WorkFailure, by standing: Lookup.Standing, of read: Operation, in machine: RunMachine
  ) -> WorkFailure {
    guard case .absent = standing, ensurance.state == .present else { return refusal }
    var problem = refusal
    // The username of a login that only compares a password is that of the session, which exists.
    if read.id == machine.kernel.plan.api.roles.authenticate, lookup.usernameField == nil {
      problem.failure.explainRefusedProfile()
    } else if problem.failure.hint == nil {
      problem.failure.hint =
        "`\(read.id)` does not show it as asked: it may exist with other values"
    }
    return problem
  }

  /// Which things are looked at once something was done because of `comparison`: of several of a name, the
  /// one that was chosen, or those that were not there before.
  func choice(for purpose: Ensuring.Purpose, _ comparison: StateComparison?) -> Lookup.Choice {
    guard !purpose.isDeciding, let comparison else { return .any }
    guard !comparison.recreates else { return .except(comparison.seen) }
    switch comparison.change.kind {
    case .remove: break
    case .change:
      guard case .other? = lookup.remedies.correction else { return .any }
    case .create, .unchanged, .drift, .conflict, .unknown: return .any
    }
    let id = lookup.recordID.flatMap { comparison.record[$0]?.identityText }
    return id.map { .only($0) } ?? .any
  }

  func verify(
    _ standing: Lookup.Standing, _ id: NodeID, _ ensuring: Ensuring, in machine: inout RunMachine
  ) {
    guard let (_, state) = machine.kernel.inProgress(id),
      let comparison = machine.kernel.certain(state.progress.comparison)
    else { return }
    if let record = standing.record(asAskedBy: ensurance, lookup) {
      return finish(id, record, comparison.change, in: &machine)
    }
    switch standing {
    case .several(let records) where comparison.change.kind == .create:
      let failure = Failure(
        .expectation,
        "\(lookup.enumeration(of: records)); another was created at the same time",
        hint: "remove all but one, or say which is meant with `match: newest`",
        operation: operation.id)
      fail(id, WorkFailure(failure, effect: .settled), in: &machine)
    case .unreadable:
      var change = comparison.change
      change.reason = change.reason ?? "the service does not show it"
      finish(id, [:], change, in: &machine)
    case .absent, .same, .different, .several: scheduleRead(id, ensuring, in: &machine)
    }
  }
}

extension Failure {
  /// Whether the service says that what is asked for is there already.
  private var saysTaken: Bool {
    status == 409 || ["taken", "already", "in use"].contains { message.lowercased().contains($0) }
  }

  /// Notes that a refused login does not distinguish a missing profile from another password, which a
  /// refused registration does as far as it says why.
  fileprivate mutating func explainRefusedProfile() {
    guard saysTaken else {
      let known = hint.map { "; else \($0)" } ?? ""
      hint = "the profile may exist with another password: give that, or another username\(known)"
      return
    }
    message = "the profile exists and has another password (\(message))"
    hint = "give the password of the profile, or another username"
  }
}
