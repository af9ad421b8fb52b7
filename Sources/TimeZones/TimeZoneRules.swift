/// The rules of a time zone: which offset from UTC its clocks show when.
///
/// Seconds count from 1970-01-01T00:00:00Z, leap seconds left out (POSIX.1-2024, 4.19). A copy shares
/// its rules with the original.
package struct TimeZoneRules: Sendable, Hashable {
  /// The name, such as `Europe/Stockholm`.
  package var name: String
  private let history: ZoneHistory

  /// A time in which the clocks go on without a jump.
  package struct Segment: Sendable, Hashable {
    /// The first second; nil when it has no beginning.
    package var start: Int64?
    /// The first second after it; nil when it has no end.
    package var end: Int64?
    /// How many seconds the clocks are ahead of UTC; negative west of Greenwich.
    package var offset: Int
    /// The zone's abbreviation at the second that was asked for, such as `CEST`; it may change within
    /// a segment.
    package var abbreviation: String

    /// The time from `start` and before `end`.
    package init(start: Int64?, end: Int64?, offset: Int, abbreviation: String) {
      self.start = start
      self.end = end
      self.offset = offset
      self.abbreviation = abbreviation
    }
  }

  /// UTC, whose clocks never jump.
  package static let utc = TimeZoneRules(
    name: "UTC",
    history: ZoneHistory(
      initial: ClockSetting(offset: 0, abbreviation: "UTC"), times: [], clocks: [], footer: nil))

  private init(name: String, history: ZoneHistory) {
    self.name = name
    self.history = history
  }

  /// The zone that the bytes of a TZif file describe, versions 1 to 4 (RFC 9636).
  ///
  /// Nil for what does not follow the format, and for a file that counts leap seconds.
  package init?(name: String, file: [UInt8]) {
    var reader = ZoneFileReader(file)
    guard let history = reader.history() else { return nil }
    self.init(name: name, history: history)
  }

  /// The segment that the second lies in.
  ///
  /// Exact for a billion years around 1970; before and after, the clocks are never set.
  package func segment(at second: Int64) -> Segment { history.segment(at: second) }
}
