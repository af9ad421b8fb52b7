extension Function {
  /// The parts of timestamps, in UTC or in the zone given, and of durations.
  static let time: [Function] = [
    date("getFullYear") { $0.year },
    date("getMonth") { $0.month - 1 },
    date("getDate") { $0.day },
    date("getDayOfMonth") { $0.day - 1 },
    date("getDayOfWeek") { $0.dayOfWeek },
    date("getDayOfYear") { $0.dayOfYear },
    clock(
      "getHours", of: { time, _ in time.secondOfDay / 3600 },
      ofDuration: { $0.components.seconds / 3600 }),
    clock(
      "getMinutes", of: { time, _ in time.secondOfDay / 60 % 60 },
      ofDuration: { $0.components.seconds / 60 }),
    clock(
      "getSeconds", of: { time, _ in time.secondOfDay % 60 },
      ofDuration: { $0.components.seconds }),
    clock(
      "getMilliseconds", of: { _, nanoseconds in nanoseconds / 1_000_000 },
      ofDuration: { $0.components.attoseconds / 1_000_000_000_000_000 }),
  ]

  /// The names of these functions, each of which takes a zone.
  static let zoned = Set(time.map(\.name))

  private static let onTimestamp: [Overload] = [
    .member(.timestamp, result: .int), .member(.timestamp, .string, result: .int),
  ]

  private static func date(
    _ name: String, of part: @escaping @Sendable (CalendarTime) -> Int64
  ) -> Function {
    Function(name, onTimestamp) { operands, _ throws(EvaluationFailure) in
      .int(part(try operands.calendarTime().time))
    }
  }

  /// A part that a duration has too: whole hours, minutes and seconds of all of it, but only the
  /// milliseconds beside the seconds.
  private static func clock(
    _ name: String, of part: @escaping @Sendable (CalendarTime, Int64) -> Int64,
    ofDuration whole: @escaping @Sendable (Duration) -> Int64
  ) -> Function {
    Function(name, onTimestamp + [.member(.duration, result: .int)]) {
      operands, _ throws(EvaluationFailure) in
      if case .duration(let duration) = operands[0] { return .int(whole(duration)) }
      let (time, nanoseconds) = try operands.calendarTime()
      return .int(part(time, nanoseconds))
    }
  }
}

extension Operands {
  /// The timestamp in the zone that comes after it, or in UTC.
  fileprivate func calendarTime() throws(EvaluationFailure) -> (
    time: CalendarTime, nanoseconds: Int64
  ) {
    guard case .timestamp(let timestamp) = self[0] else { throw .noOverload }
    let offset = try offset(of: try text(at: 1, default: "UTC"), at: timestamp)
    return (timestamp.calendarTime(offset: offset), Int64(timestamp.nanoseconds))
  }

  /// How many seconds the clocks of a zone are ahead of UTC.
  private func offset(
    of zone: String, at timestamp: Timestamp
  ) throws(EvaluationFailure) -> Int64 {
    if let fixed = ZoneOffset(parsing: zone) { return fixed.seconds }
    guard let offset = zones?.offset(of: zone) else {
      // No nearest name, which would show what a secret is like.
      throw .about(.string(zone), "unknown time zone", hint: NamedZones.hint(among: zones))
    }
    return Int64(offset(timestamp.seconds))
  }
}

extension BinaryOperator {
  /// Sums and differences of timestamps and durations.
  func timeResult(_ left: Value, _ right: Value) throws(EvaluationFailure) -> Value {
    switch (self, left, right) {
    case (.add, .timestamp(let timestamp), .duration(let duration)),
      (.add, .duration(let duration), .timestamp(let timestamp)):
      .timestamp(try timestamp.adding(duration))
    case (.add, .duration(let left), .duration(let right)):
      .duration(try (left + right).inRange())
    case (.subtract, .timestamp(let left), .timestamp(let right)):
      .duration(try left.since(right).inRange())
    case (.subtract, .timestamp(let timestamp), .duration(let duration)):
      .timestamp(try timestamp.adding(.zero - duration))
    case (.subtract, .duration(let left), .duration(let right)):
      .duration(try (left - right).inRange())
    default: throw .noOverload
    }
  }
}
