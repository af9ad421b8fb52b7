import Events
import Operations
import Schedules

/// What must be true when everything has come to its end.
extension ScheduleWorld {
  /// Whether rollouts are still started for many instants, one after another.
  var isCatchingUp: Bool {
    files.contains { file in
      guard let state = ledger.states[file.name], file.condition == .there, state.pause == nil,
        let spec = watch.spec(state.definition), spec.schedule.catchUp == .all
      else { return false }
      return !spec.instants(after: state.decidedThrough, through: latestDue(by: spec)).isEmpty
    }
  }

  mutating func judgeEnd() {
    for file in files where file.condition == .there {
      guard let state = ledger.states[file.name] else {
        watch.object("\(file.name) was never seen")
        continue
      }
      if !state.isActive { watch.object("\(file.name) is not active") }
      if state.definition != file.definition {
        watch.object("\(file.name) has an old definition")
      }
      judge(file, through: state.decidedThrough, queued: state.queued)
    }
    for trigger in ledger.triggers
    where files.contains(where: { $0.name == trigger.schedule && $0.condition == .there }) {
      watch.object("trigger \(trigger.number) is not answered")
    }
  }

  /// Rollouts of all instants up to then were to start some seconds ago at the latest.
  private func latestDue(by spec: ScheduleSpec) -> Moment {
    wall + (.seconds(-10) - spec.schedule.jitter)
  }

  private mutating func judge(
    _ file: SimulatedScheduleFile, through decided: Moment, queued: Moment?
  ) {
    let end = latestDue(by: file.spec)
    let undecided = file.spec.instants(after: decided, through: end)
    if let first = undecided.first {
      watch.object(
        "\(file.name): \(first.text) and \(undecided.count - 1) more have no verdict at \(wall.text)"
      )
    }
    if let queued, queued < end { watch.object("\(file.name): \(queued.text) is queued forever") }
  }
}

extension ScheduleSpec {
  /// Whether a definition can be read: few cannot, as if their time zone was gone.
  static func isReadable(_ definition: String) -> Bool {
    definition.utf8.reduce(0) { $0 &+ Int($1) } % 40 != 7
  }
}
