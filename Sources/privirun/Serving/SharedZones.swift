import Synchronization
import TimeZones

/// The time zones of the machine, read anew each time; equal rules share their memory, since many schedules have
/// the same zone.
final class SharedZones: Sendable {
  private let system: TimeZoneDatabase
  private let known = Mutex<[String: TimeZoneRules]>([:])

  init(_ system: TimeZoneDatabase = .system) {
    self.system = system
  }

  var database: TimeZoneDatabase {
    TimeZoneDatabase(rules: { self.rules(of: $0) }, names: system.names)
  }

  private func rules(of name: String) -> TimeZoneRules? {
    guard let rules = system.rules(name) else { return nil }
    return known.withLock { known in
      if let shared = known[name], shared == rules { return shared }
      known[name] = rules
      return rules
    }
  }
}
