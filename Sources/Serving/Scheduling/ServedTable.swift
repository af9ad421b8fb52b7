import Events
import Journaling
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
  /// The schedules whose ledgers cannot be used, as far as this process has read them.
  var flawed: [FlawedSchedule] = []
  private var unusable: [FlawedSchedule] = []
  private var schedules: [String: Schedule?] = [:]
  /// The files of the schedules that are active in the ledger, by their names.
  private var known: [String: String] = [:]

  /// What the scheduler is to know; nil until the files were read once.
  var current: [ScheduledFile]? {
    let files = served?.completed(with: known)
    guard !flawed.isEmpty else { return files }
    let names = Set(flawed.map(\.name))
    return files?.map { file in
      var file = file
      if names.contains(file.name) { file.schedule = nil }
      return file
    }
  }

  /// The schedules that are served and whose ledgers cannot be used, in the order of their names; nil where
  /// they are those of the call before.
  mutating func changeOfUnusable() -> [FlawedSchedule]? {
    let found = flawed.filter { schedules[$0.name] != nil }.sorted { $0.name < $1.name }
    guard found != unusable else { return nil }
    unusable = found
    return found
  }

  /// Forgets which ledgers cannot be used; none of them is one that can be used again.
  mutating func forgetFlawed() { (flawed, unusable) = ([], []) }

  /// The schedule of a file that is served; nil for any other.
  func schedule(of name: String) -> Schedule? { schedules[name] ?? nil }

  /// Takes over how schedules are recorded.
  mutating func remember(_ states: [ScheduleState]) {
    for state in states { known[state.name] = state.isActive ? state.file : nil }
  }
}
