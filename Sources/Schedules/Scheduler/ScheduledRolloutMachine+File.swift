import Events
import Operations

extension ScheduledRolloutMachine {
  /// The rollout file.
  enum File: Sendable, Hashable {
    /// The files were not read yet.
    case unknown
    case gone
    /// It is there, and nobody knows what it says.
    case unreadable
    case readable(Served)

    struct Served: Sendable, Hashable {
      let path: String
      let schedule: Schedule
      /// The schedule as text, with which the ledger's definition is compared.
      let definition: String
      let leavesRecord: Bool
    }
  }

  /// The file is like this from now on; nil for one that is gone.
  mutating func see(_ seen: ScheduledFile?, _ turn: SchedulerTurn?) {
    guard !file.isOf(seen) else { return }
    let before = file.definition
    file = File(seen)
    // The same definition may mean other instants, by a newer database of time zones.
    if case .readable(let served) = file, served.definition == state?.definition,
      definition != .readable(served.schedule)
    {
      definition = .unread
    }
    // A file that was gone and cannot be read now may be there again: nothing ends any more.
    guard let turn, instants.end != nil, file.definition != before || file == .unreadable else {
      return
    }
    instants.end = nil
    noticeAnew(turn)
  }

  /// Notes when it is noticed that the file says otherwise than the ledger: the ledger's definition decides up
  /// to then.
  mutating func noteChangeover(at now: Moment) {
    let differs =
      switch file {
      case .unknown, .unreadable: false
      case .gone: true
      case .readable(let served): served.definition != state?.definition
      }
    instants.end = differs && state?.isActive ?? false ? instants.end ?? now : nil
  }

  /// The clock was set back.
  mutating func rewind(_ turn: SchedulerTurn) {
    if let end = instants.end { instants.end = min(end, turn.now) }
    if instants.end != nil || !instants.spans.isEmpty { noticeAnew(turn) }
  }

  private mutating func noticeAnew(_ turn: SchedulerTurn) {
    guard let state, let jittered else { return }
    instants.rewind(to: turn.now, after: state.decidedThrough, by: jittered)
  }
}

extension ScheduledRolloutMachine.File {
  fileprivate init(_ seen: ScheduledFile?) {
    guard let seen else {
      self = .gone
      return
    }
    guard let schedule = seen.schedule else {
      self = .unreadable
      return
    }
    self = .readable(
      Served(
        path: seen.file, schedule: schedule, definition: schedule.text,
        leavesRecord: seen.leavesRecord))
  }

  /// The schedule as text; nil where nobody knows it.
  fileprivate var definition: String? {
    guard case .readable(let served) = self else { return nil }
    return served.definition
  }

  /// Whether it is as it was seen; that needs no text of the schedule.
  fileprivate func isOf(_ seen: ScheduledFile?) -> Bool {
    switch self {
    case .unknown: false
    case .gone: seen == nil
    case .unreadable: seen != nil && seen?.schedule == nil
    case .readable(let served):
      seen?.schedule == served.schedule && seen?.file == served.path
        && seen?.leavesRecord == served.leavesRecord
    }
  }
}
