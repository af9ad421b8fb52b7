/// Walks over the due instants of `cron` and `at` in order, each once.
struct DueWalk: Sendable {
  private var walks: [CronWalk]
  /// The next instant of each walk; nil where there is none.
  private var heads: [DueSecond?]
  /// The instants of `at`, the latest first.
  private var single: [DueSecond]

  /// Those of `schedule` after one second and up to another.
  init(_ schedule: Schedule, after second: Int64, through end: Int64) {
    walks = schedule.cron.map { CronWalk($0, in: schedule.zone, after: second, through: end) }
    heads = []
    for index in walks.indices { heads.append(walks[index].next()) }
    single = schedule.at.map { DueSecond($0.moment.second, $0.shift) }
      .filter { $0.second > second && $0.second <= end }
      .sorted { $0.second > $1.second }
  }

  /// The next one; equal instants are one, and what daylight saving does to any of them is kept.
  mutating func next() -> DueSecond? {
    var due = single.last
    for head in heads { due = Self.earlier(due, head) }
    guard let due else { return nil }
    while single.last?.second == due.second { single.removeLast() }
    for index in heads.indices where heads[index]?.second == due.second {
      heads[index] = walks[index].next()
    }
    return due
  }

  private static func earlier(_ left: DueSecond?, _ right: DueSecond?) -> DueSecond? {
    guard let left, let right else { return left ?? right }
    if left.second == right.second { return left.shift == nil ? right : left }
    return left.second < right.second ? left : right
  }
}
