import Events
import Schedules

/// The rollout files that are served, and which schedules of the ledger may be in files that cannot be read.
struct ServedTable: Sendable {
  /// Nil until the files were read once.
  var served: ServedSchedules? {
    didSet {
      let files = served?.files ?? []
      schedules = Dictionary(files.map { ($0.name, $0.schedule) }) { first, _ in first }
    }
  }
  private var schedules: [String: Schedule?] = [:]
  /// The files of the schedules that are active in the ledger, by their names.
  private var known: [String: String] = [:]

  /// What the scheduler is to know; nil until the files were read once.
  var current: [ScheduledFile]? { served?.completed(with: known) }

  /// The schedule of a file that is served; nil for any other.
  func schedule(of name: String) -> Schedule? { schedules[name] ?? nil }

  /// Takes over how schedules are recorded.
  mutating func remember(_ states: [ScheduleState]) {
    for state in states { known[state.name] = state.isActive ? state.file : nil }
  }
}
