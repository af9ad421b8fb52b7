import Cryptography
package import Operations

extension Schedule {
  /// The first due instant after `moment`; nil when there is none.
  package func next(after moment: Moment) -> DueInstant? {
    let (start, end) = bounds(after: moment, through: Moment(second: DueSecond.range.upperBound))
    var walk = DueWalk(self, after: start, through: end)
    let due = walk.next()
    guard let second = interval?.first(after: start), second <= end,
      second < due?.second ?? .max
    else { return due?.instant }
    return DueSecond(second).instant
  }

  /// The due instants after `moment` up to `end`.
  ///
  /// The time that it takes grows with the number of instants of `cron`, not with that of `every`; memory
  /// does not grow.
  package func instants(after moment: Moment, through end: Moment) -> DueInstants {
    let (start, end) = bounds(after: moment, through: end)
    var collector = DueCollector(interval, after: start, through: end)
    var walk = DueWalk(self, after: start, through: end)
    while let due = walk.next() { collector.add(due.second) }
    return collector.instants
  }

  /// How long after the due instant of the rollout `name` it is started: less than `jitter`, and always the
  /// same.
  package func delay(of due: Moment, for name: String) -> Duration {
    let most = jitter.wholeNanoseconds / 1_000_000
    guard most > 0,
      let digest = try? SHA256.digest(of: Array("\(due.second) \(name)".utf8))
    else { return .zero }
    let random = digest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return .milliseconds(Int64(random.multipliedFullWidth(by: UInt64(most)).high))
  }

  /// The due instants of `every`; nil when there is none.
  var interval: DueInterval? {
    guard let step = every?.components.seconds, step > 0 else { return nil }
    return DueInterval(anchor: from?.moment.second ?? 0, step: step)
  }

  /// The seconds after and up to which instants are due, within `from` and `until`.
  private func bounds(after moment: Moment, through end: Moment) -> (after: Int64, through: Int64) {
    let earliest = from.map { $0.moment.second - 1 } ?? DueSecond.range.lowerBound
    let latest = until?.moment.second ?? DueSecond.range.upperBound
    return (max(moment.second, earliest), min(end.second, latest))
  }
}
