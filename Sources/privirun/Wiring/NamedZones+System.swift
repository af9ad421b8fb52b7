import Expressions
import TimeZones

extension NamedZones {
  /// The time zones of this machine, as they are when an expression first asks for one.
  ///
  /// What is planned after an update of the database takes new ones.
  static func system(_ database: TimeZoneDatabase = .system) -> NamedZones {
    NamedZones(
      rules: { name in
        guard let rules = database.rules(name) else { return nil }
        return { second in rules.segment(at: second).offset }
      }, names: database.names)
  }
}
