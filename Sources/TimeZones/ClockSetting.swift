/// What the clocks of a zone show for some time.
struct ClockSetting: Sendable, Hashable {
  /// The offsets that files may have (RFC 9636 §3.2): -24:59:59 to +25:59:59.
  static let offsets = -89_999...93_599

  /// How many seconds they are ahead of UTC.
  var offset: Int
  /// The abbreviation, such as `CEST`.
  var abbreviation: String
}
