import Events
import Expressions
import Journaling
import Operations
import Rollouts
import Simulation

/// Runs of tenants.
extension RolloutWorld {
  mutating func hand(_ index: Int, _ rollout: Int) async {
    guard let tenant = rollouts[rollout].live[index] else { return }
    guard let run = tenant.turn.run else { return begin(index, tenant, rollout) }
    guard let journal = rollouts[rollout].journal else { return }
    do throws(JournalError) {
      let claim = try await journal.claim(run)
      rollouts[rollout].live[index]?.run = run
      rollouts[rollout].live[index]?.place = SimulatedRollout.Recorded(
        head: claim.head, epoch: claim.epoch)
      add(.resumed(index), run, .runResumed(Self.resumption), rollout)
      apply(.tenantBegan(index, run: run), rollout)
    } catch {
      rollouts[rollout].live[index] = nil
      guard case .blocked(_, let other) = error else {
        return rollouts[rollout].watch.object("tenant \(index) cannot be claimed: \(error)")
      }
      apply(.tenantBlocked(index, by: other), rollout)
    }
  }

  private mutating func begin(
    _ index: Int, _ tenant: SimulatedRollout.LiveTenant, _ rollout: Int
  ) {
    let script = rollouts[rollout].script
    let limit = script.limits.maxFailures
    let isFull = limit.map { rollouts[rollout].groupFailures >= $0 } ?? false
    guard !isFull, !tenant.isCancelled else {
      rollouts[rollout].live[index] = nil
      return apply(.tenantNotStarted(index), rollout)
    }
    guard !script.isRefused(index, attempt: commits) else {
      rollouts[rollout].live[index] = nil
      rollouts[rollout].groupFailures += 1
      return apply(
        .tenantRefused(TenantRefusal(tenant: script.tenants[index], index: index, reason: "r")),
        rollout)
    }
    let run = RunID(using: &random)
    rollouts[rollout].live[index]?.run = run
    var start = RunStart(
      run: run, playbook: "p", file: "p", planDigest: "", inputs: [:], seed: 1, version: "t")
    start.tenant = TenantReference(
      rollout: script.start.rollout, rolloutName: "r", name: script.tenants[index], index: index,
      locks: [script.tenants[index]])
    add(.started(index), run, .runStarted(start), rollout)
    apply(.tenantBegan(index, run: run), rollout)
  }

  mutating func endRun(
    _ index: Int, _ tenant: SimulatedRollout.LiveTenant, _ rollout: Int
  ) async {
    guard let run = tenant.run else { return }
    let script = rollouts[rollout].script
    let ending: RolloutScript.Ending =
      tenant.isCancelled
      ? .outcome(.cancelled) : script.ending(of: index, attempt: tenant.place.epoch + 1)
    guard case .outcome(let outcome) = ending else {
      try? await rollouts[rollout].journal?.release(run, epoch: tenant.place.epoch)
      rollouts[rollout].live[index] = nil
      holders[script.tenants[index]] = nil
      rollouts[rollout].watch.left(index)
      return apply(.tenantEnded(index, .waiting), rollout)
    }
    let result = RunResult(outcome: outcome)
    let isFinal = outcome != .failed || tenant.turn.isLast
    if isFinal, outcome == .failed || outcome == .inDoubt { rollouts[rollout].groupFailures += 1 }
    rollouts[rollout].live[index]?.isEnding = true
    add(
      .ended(index, TenantState(result), isFinal: isFinal), run, .runFinished(result), rollout)
    startCommit(rollout)
  }

  private mutating func add(
    _ what: SimulatedRollout.Entry.What, _ run: RunID, _ kind: RunEvent.Kind, _ rollout: Int
  ) {
    rollouts[rollout].pending.append(
      SimulatedRollout.Entry(run: run, kind: kind, at: now, what: what))
  }

  private static let resumption = RunResumption(owner: "o", epoch: 1, seed: 1, version: "t")
}

/// Commits.
extension RolloutWorld {
  mutating func startCommit(_ rollout: Int) {
    guard rollouts[rollout].current == nil, !rollouts[rollout].pending.isEmpty else { return }
    rollouts[rollout].current = rollouts[rollout].pending
    rollouts[rollout].pending = []
    schedule(.commitEnds, of: rollout, for: rollouts[rollout].process, after: pause(0...5))
  }

  mutating func endCommit(_ rollout: Int) async {
    guard let entries = rollouts[rollout].current, let journal = rollouts[rollout].journal else {
      return
    }
    let crashes = Int.random(in: 0..<100, using: &random) < crashShare
    if crashes, Bool.random(using: &random) { return crash(rollout) }
    let parts = rollouts[rollout].parts(of: entries)
    switch await journal.commit(JournalCommit(parts)) {
    case .committed(let heads):
      commits += 1
      for (part, head) in zip(parts, heads) { rollouts[rollout].setHead(head, of: part.run) }
      for entry in entries { note(entry, rollout) }
      rollouts[rollout].current = nil
      if crashes { return crash(rollout) }
      for entry in entries where rollouts[rollout].isDriven { deliver(entry, rollout) }
    case .blocked(let run, let other):
      guard let index = rollouts[rollout].tenant(of: run) else { return }
      rollouts[rollout].pending = entries.filter { $0.run != run } + rollouts[rollout].pending
      rollouts[rollout].pending.removeAll { $0.run == run }
      rollouts[rollout].current = nil
      let place = rollouts[rollout].live.removeValue(forKey: index)?.place
      if let place, place.epoch > 0 { try? await journal.release(run, epoch: place.epoch) }
      apply(.tenantBlocked(index, by: other), rollout)
    case .conflict, .fenced, .unknown: rollouts[rollout].watch.object("a commit failed")
    }
    startCommit(rollout)
  }

  /// What the watch and the locks see of what is recorded.
  private mutating func note(_ entry: SimulatedRollout.Entry, _ rollout: Int) {
    let script = rollouts[rollout].script
    switch entry.what {
    case .ofRollout(let event):
      rollouts[rollout].watch.recorded(
        event, at: entry.at, commit: commits)
    case .started(let index):
      rollouts[rollout].watch.started(index, entry.run, commit: commits)
      hold(script.tenants[index], rollout)
    case .resumed(let index):
      rollouts[rollout].watch.resumed(index, entry.run)
      hold(script.tenants[index], rollout)
    case .ended(let index, let state, let isFinal):
      rollouts[rollout].watch.ended(index, state, isFinal: isFinal, commit: commits)
      holders[script.tenants[index]] = nil
    }
  }

  private mutating func hold(_ tenant: String, _ rollout: Int) {
    if let other = holders[tenant] {
      rollouts[rollout].watch.object("\(tenant) is also in progress in rollout \(other)")
    }
    holders[tenant] = rollout
  }

  private mutating func deliver(_ entry: SimulatedRollout.Entry, _ rollout: Int) {
    switch entry.what {
    case .ofRollout(.finished): finished(rollout)
    case .ofRollout: break
    case .started(let index), .resumed(let index):
      guard let tenant = rollouts[rollout].live[index] else { return }
      schedule(
        .runEnds(index, number: tenant.number), of: rollout, for: rollouts[rollout].process,
        after: rollouts[rollout].script.duration(of: index, attempt: tenant.place.epoch + 1))
    case .ended(let index, let state, _):
      rollouts[rollout].live[index] = nil
      apply(.tenantEnded(index, state), rollout)
    }
  }
}

/// What a rollout is after an interruption, compared with what it was.
extension RolloutWorld {
  mutating func compare(_ events: [RunEvent], _ standings: [TenantStanding], _ rollout: Int) {
    guard let (before, live) = ends[rollout] else { return }
    let script = rollouts[rollout].script
    let after = RolloutState(
      tenantCount: script.tenants.count, after: events, standings: standings,
      retry: script.limits.retry)
    let isSame =
      before.stage == after.stage && before.isPaused == after.isPaused
      && before.stop == after.stop && before.isCancelled == after.isCancelled
      && before.result == after.result && before.nextSequence == after.nextSequence
    if !isSame { rollouts[rollout].watch.object("the record gives another state") }
    // The attempts of tenants that run again begin anew, which their runs do not say.
    guard script.limits.retry == nil || !events.contains(where: \.repeatsTenants) else { return }
    for index in script.tenants.indices where !live.contains(index) {
      let (old, new) = (before.tenants[index], after.tenants[index])
      if old != new, !(old == .waiting && new == .running) {
        rollouts[rollout].watch.object("tenant \(index) was \(old) and is \(new)")
      }
    }
    if live.isEmpty, before.failures != after.failures {
      rollouts[rollout].watch.object("\(before.failures) failures became \(after.failures)")
    }
  }
}

extension SimulatedRollout {
  /// Whether the rollout's own record lacks something that was decided.
  var hasUnrecorded: Bool {
    ((current ?? []) + pending).contains { $0.run == script.start.rollout }
  }
}

extension RunEvent {
  fileprivate var repeatsTenants: Bool {
    if case .rollout(.resumed(let resumption)) = kind {
      resumption.tenants == .unsuccessful
    } else {
      false
    }
  }
}
