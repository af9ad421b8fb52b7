/// Where time zones come from.
package struct TimeZoneDatabase: Sendable {
  /// The rules of the zone of that name; nil when there is none.
  package var rules: @Sendable (String) -> TimeZoneRules?
  /// The names of all zones, for suggestions.
  package var names: @Sendable () -> [String]

  /// A database of these closures.
  package init(
    rules: @escaping @Sendable (String) -> TimeZoneRules?,
    names: @escaping @Sendable () -> [String]
  ) {
    self.rules = rules
    self.names = names
  }
}
