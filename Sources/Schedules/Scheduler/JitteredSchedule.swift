import Operations

/// A schedule whose rollouts start up to `jitter` after their due instants.
///
/// Instants are decided in the order in which they are due, so that one whose rollout could start earlier
/// waits for those before it.
struct JitteredSchedule: Sendable, Hashable {
  let schedule: Schedule
  /// The name of the rollout, which decides about the delays.
  let name: String

  /// A due instant, and when its rollout starts.
  struct Coming: Sendable, Hashable {
    let due: Moment
    let start: Moment
  }

  /// The first instant due after `moment` whose rollout starts at `earliest` or later.
  func first(after moment: Moment, startingFrom earliest: Moment) -> Coming? {
    // What is due by then starts before `earliest`.
    var cursor = max(moment, (earliest - schedule.jitter).before)
    while let instant = schedule.next(after: cursor) {
      let start = instant.at + schedule.delay(of: instant.at, for: name)
      if start >= earliest { return Coming(due: instant.at, start: start) }
      cursor = instant.at
    }
    return nil
  }

  /// The first instant due after `moment`.
  func first(after moment: Moment) -> Coming? { first(after: moment, startingFrom: moment) }
}

extension Moment {
  /// The latest instant before this one.
  var before: Moment { self - .nanoseconds(1) }

  /// The instant `duration` earlier, at least the earliest representable one.
  static func - (moment: Moment, duration: Duration) -> Moment {
    let (difference, overflow) = moment.nanoseconds.subtractingReportingOverflow(
      duration.wholeNanoseconds)
    return Moment(nanoseconds: overflow ? .min : difference)
  }
}
