/// What holds after the last change that a file lists.
enum ZoneFooter: Sendable, Hashable {
  /// The clocks are never set again.
  case fixed(ClockSetting)
  /// They are set twice a year.
  case yearly(YearlyRule)

  /// What the text of a `TZ` variable says, such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil when it is none.
  ///
  /// The extensions of RFC 9636 §3.3.1 are read, too: hours from -167 to 167.
  init?(_ text: ArraySlice<UInt8>) {
    var reader = ZoneFooterReader(text)
    guard let footer = reader.footer() else { return nil }
    self = footer
  }

  /// The clock at `second`.
  func clock(at second: Int64) -> ClockSetting {
    switch self {
    case .fixed(let clock): clock
    case .yearly(let rule): rule.span(at: second).clock
    }
  }
}
