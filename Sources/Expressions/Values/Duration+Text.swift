extension Duration {
  /// What a protocol-buffer Duration holds: 10,000 years to either side.
  private static let longest: Duration = .seconds(315_576_000_000)

  /// Itself, or a failure when it is too long.
  func inRange() throws(EvaluationFailure) -> Duration {
    guard self <= Self.longest, self >= .zero - Self.longest else {
      throw .outOfRange("a duration")
    }
    return self
  }

  /// Seconds with as many digits of their fraction as are needed: `90s`, `-1.5s`.
  package var secondsText: String {
    let (seconds, attoseconds) = components
    let sign = self < .zero ? "-" : ""
    let nanoseconds = Int64((attoseconds / 1_000_000_000).magnitude)
    return "\(sign)\(seconds.magnitude)\(nanoseconds.fraction(digits: 9))s"
  }

  /// Reads numbers with units, such as `1h30m`, `1.5s` or `-250ms`, to the nanosecond.
  ///
  /// The units are h, m, s, ms, us, µs and ns, as in CEL's `duration()`, and those of playbooks besides:
  /// d for 24 hours and w for seven such days.
  init(parsing text: String) throws(EvaluationFailure) {
    let failure = EvaluationFailure.about(
      .string(text), "the text is no duration", hint: "write it like `90s`, `1h30m` or `2d`")
    var rest = text.utf8.count <= 100 ? text[...] : ""
    let isNegative = rest.first == "-"
    if let sign = rest.first, sign == "-" || sign == "+" { rest = rest.dropFirst() }
    guard !rest.isEmpty else { throw failure }
    var total = Duration.zero
    if rest != "0" {
      while !rest.isEmpty {
        guard let part = DurationPart(&rest) else { throw failure }
        total = try (total + part.duration()).inRange()
      }
    }
    self = isNegative ? .zero - total : total
  }
}

/// One number and its unit, such as `1.5h`.
private struct DurationPart {
  private let whole: Int64
  /// The digits after the point, as ASCII.
  private let fraction: Substring.UTF8View
  /// What the unit is in nanoseconds.
  private let unit: Int64

  /// Takes a part off the start of `rest`, or nothing.
  init?(_ rest: inout Substring) {
    let number = rest.prefix { Self.isOfNumber($0) }
    let name = rest[number.endIndex...].prefix { !Self.isOfNumber($0) }
    let pieces = number.split(separator: ".", omittingEmptySubsequences: false)
    guard let unit = Self.units[String(name)], (1...2).contains(pieces.count),
      number.contains(where: { $0 != "." }),
      let whole = pieces[0].isEmpty ? 0 : pieces[0].wholeNumber
    else { return nil }
    self.unit = unit
    self.whole = whole
    fraction = (pieces.count == 2 ? pieces[1] : "").utf8
    rest = rest[name.endIndex...]
  }

  /// The length, cut off to nanoseconds.
  func duration() throws(EvaluationFailure) -> Duration {
    // Far outside the range already, and near the end of what the product can hold.
    guard Double(whole) * Double(unit) < 1e21 else { throw .outOfRange("a duration") }
    var nanoseconds: Int64 = 0
    var scale = unit
    for digit in fraction {
      scale /= 10
      nanoseconds += Int64(digit - UInt8(ascii: "0")) * scale
    }
    return .nanoseconds(unit) * whole + .nanoseconds(nanoseconds)
  }

  private static func isOfNumber(_ character: Character) -> Bool {
    character == "." || ("0"..."9").contains(character)
  }

  private static let units: [String: Int64] = [
    "w": 604_800_000_000_000, "d": 86_400_000_000_000, "h": 3_600_000_000_000, "m": 60_000_000_000,
    "s": 1_000_000_000, "ms": 1_000_000,
    "us": 1000, "µs": 1000, "μs": 1000, "ns": 1,
  ]
}
