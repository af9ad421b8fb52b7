import Operations
import Randomness
import Schedules

/// A rollout file with a schedule, as it is now.
struct SimulatedScheduleFile {
  enum Condition: Hashable {
    case there
    case unreadable
    case gone
  }

  let name: String
  var spec: ScheduleSpec
  var condition = Condition.there
  var leavesRecord: Bool
  /// Counts where it was moved to.
  var place = 0

  init(name: String, unit: Int64, near now: Int64, using random: inout SplitMix) {
    self.name = name
    spec = ScheduleSpec(unit: unit, near: now, using: &random)
    leavesRecord = Int.random(in: 0..<5, using: &random) > 0
  }

  var definition: String { spec.definition }

  /// As a daemon sees it; nil when it is gone.
  var seen: ScheduledFile? {
    switch condition {
    case .gone: nil
    case .unreadable: ScheduledFile(name: name, file: path, schedule: nil)
    case .there:
      ScheduledFile(
        name: name, file: path, schedule: spec.schedule, leavesRecord: leavesRecord)
    }
  }

  private var path: String { "/\(place)/\(name).yaml" }
}
