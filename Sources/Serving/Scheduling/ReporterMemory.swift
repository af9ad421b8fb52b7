import Journaling
import Synchronization

/// What was reported last, so that nothing is reported twice.
final class ReporterMemory: Sendable {
  /// What systemd knows of the process.
  private enum Phase: Sendable {
    case starting
    case ready
    case reloading
    case stopping
  }

  private struct State: Sendable {
    var process: OwnerIdentity?
    var failure: JournalError?
    var unusable: [FlawedSchedule] = []
    var phase = Phase.starting
    /// The schedules that are decided far ahead of the clock.
    var ahead: Set<String> = []
  }

  private let state = Mutex(State())

  func isNew(_ process: OwnerIdentity?) -> Bool {
    state.withLock { state in
      defer { state.process = process }
      return state.process != process
    }
  }

  func isNew(_ failure: JournalError) -> Bool {
    state.withLock { state in
      defer { state.failure = failure }
      return state.failure != failure
    }
  }

  /// The schedules that cannot be used now and could before, or for another reason, and the names of those
  /// that can be used again.
  func change(to schedules: [FlawedSchedule]) -> (new: [FlawedSchedule], gone: [String]) {
    state.withLock { state in
      defer { state.unusable = schedules }
      let names = Set(schedules.map(\.name))
      return (
        schedules.filter { !state.unusable.contains($0) },
        state.unusable.map(\.name).filter { !names.contains($0) }
      )
    }
  }

  /// Whether it was not known that the schedule is decided far ahead of the clock, or is not any more.
  func isNew(_ isAhead: Bool, for schedule: String) -> Bool {
    state.withLock { state in
      isAhead
        ? state.ahead.insert(schedule).inserted : state.ahead.remove(schedule) != nil
    }
  }

  /// Whether something had failed.
  func recovered() -> Bool {
    state.withLock { state in
      defer { state.failure = nil }
      return state.failure != nil
    }
  }

  /// Whether the start is over by this.
  func didStart() -> Bool { enter(.ready, from: .starting) }

  /// Whether a reload is to be shown: before the end of the start, and after the beginning of the end, none is.
  func reloads() -> Bool { enter(.reloading, from: .ready) }

  /// Whether a reload that was shown is over.
  func reloaded() -> Bool { enter(.ready, from: .reloading) }

  func stops() { state.withLock { $0.phase = .stopping } }

  private func enter(_ phase: Phase, from earlier: Phase) -> Bool {
    state.withLock { state in
      guard state.phase == earlier else { return false }
      state.phase = phase
      return true
    }
  }
}
