/// The rules of a time zone: which offset from UTC its clocks show when.
///
/// Seconds count from 1970-01-01T00:00:00Z, leap seconds left out (POSIX.1-2024, 4.19).
package struct TimeZoneRules: Sendable, Hashable {
  /// The name, such as `Europe/Stockholm`.
  package var name: String
  private let transitions: [Transition]

  /// A change of the offset.
  private struct Transition: Sendable, Hashable {
    var at: Int64
    var offset: Int
  }

  /// A time in which the clocks go on without a jump.
  package struct Segment: Sendable, Hashable {
    /// The first second; nil when it has no beginning.
    package var start: Int64?
    /// The first second after it; nil when it has no end.
    package var end: Int64?
    /// How many seconds the clocks are ahead of UTC; negative west of Greenwich.
    package var offset: Int
    /// The zone's abbreviation then, such as `CEST`.
    package var abbreviation: String
  }

  /// UTC, whose clocks never jump.
  package static let utc = TimeZoneRules(name: "UTC", transitions: [])

  private init(name: String, transitions: [Transition]) {
    self.name = name
    self.transitions = transitions
  }

  /// The segment that the second lies in.
  package func segment(at second: Int64) -> Segment {
    Segment(start: nil, end: nil, offset: 0, abbreviation: "UTC")
  }
}
