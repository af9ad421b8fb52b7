import Expressions
package import Operations
package import TimeZones

extension Moment {
  /// The instant that `text` means: RFC 3339, or a date or local time as rollout files have it, in `zone`.
  ///
  /// Nil for what is written in another way or out of range. A local time that the clocks skip is the end of the
  /// gap, and one that they show twice the first one.
  package init?(scheduled text: String, in zone: TimeZoneRules) {
    if let stamp = Timestamp(rfc3339: text), DueSecond.range.contains(stamp.seconds) {
      let (sum, overflow) = (stamp.seconds * 1_000_000_000).addingReportingOverflow(
        Int64(stamp.nanoseconds))
      guard !overflow else { return nil }
      self.init(nanoseconds: sum)
    } else {
      guard let written = InstantText(text) else { return nil }
      self = written.instant(text, in: zone, .beginning).moment
    }
  }
}
