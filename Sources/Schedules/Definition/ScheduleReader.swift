import Diagnostics
import Expressions
package import Playbooks
package import TimeZones

/// Reads the `schedule` of a rollout file, noting everything that is wrong on the way.
package struct ScheduleReader {
  /// The keys of a schedule, in the order in which the reference lists them.
  ///
  /// A new key is a case here, a line in `ScheduleReader.read` and one in `Schedule.value`.
  enum Key: String, CaseIterable {
    case cron
    case every
    case at
    case timezone
    case window
    case catchUp = "catch-up"
    case overlap
    case jitter
    case pauseOnFailure = "pause-on-failure"
    case from
    case until
    /// Read by whoever knows notifications.
    case notify

    /// The key in code marks, as diagnostics name it.
    var marked: String { "`\(rawValue)`" }
  }

  /// The names of all keys, that of `notify` included.
  package static let knownKeys = Key.allCases.map(\.rawValue)

  static let subject = "`schedule`"
  private static let hint =
    "write a cron expression, `schedule: \"0 3 * * MON\"`, or a map with `cron`, `every` or `at`"

  /// The reader of shapes and keys, which collects the diagnostics.
  var nodes: PlaybookReader
  let zones: TimeZoneDatabase
  /// The zone of local times, once it is read.
  var zone = TimeZoneRules.utc

  private init(_ nodes: PlaybookReader, _ zones: TimeZoneDatabase) {
    self.nodes = nodes
    self.zones = zones
  }

  /// The schedule that `node` describes; nil when nothing of it says when.
  ///
  /// Notes its diagnostics in `nodes`, and has the default of a part that cannot be read. The key `notify` of
  /// the map is passed over.
  package static func read(
    _ node: YAMLNode, with nodes: inout PlaybookReader, zones: TimeZoneDatabase
  ) -> Schedule? {
    var reader = ScheduleReader(nodes, zones)
    let schedule = reader.read(node)
    nodes = reader.nodes
    return schedule
  }

  private mutating func read(_ node: YAMLNode) -> Schedule? {
    if node.text != nil, node.scalarKind == .text {
      return readExpression(node).map { Schedule(cron: [$0]) }
    }
    guard let written = nodes.entries(of: node, Self.subject, hint: Self.hint) else { return nil }
    let entries = nodes.checkKeys(
      of: written, of: Self.subject, known: Self.knownKeys)
    let before = nodes.diagnostics.errorCount
    var schedule = Schedule()
    if let node = entries.value(.timezone), let zone = readZone(node) { self.zone = zone }
    schedule.zone = zone
    readTimes(entries, of: node, into: &schedule)
    readRules(entries, into: &schedule)
    checkTogether(schedule, entries)
    if nodes.diagnostics.errorCount == before { checkDue(schedule, node, entries) }
    return schedule
  }

  private mutating func readTimes(
    _ entries: [YAMLNode.Entry], of node: YAMLNode, into schedule: inout Schedule
  ) {
    schedule.cron = entries.value(.cron).map { readCron($0) } ?? []
    schedule.every = entries.value(.every).flatMap { readEvery($0) }
    schedule.at = entries.value(.at).map { readAt($0) } ?? []
    schedule.from = entries.value(.from).flatMap { readInstant($0, Key.from, .beginning) }
    schedule.until = entries.value(.until).flatMap { readInstant($0, Key.until, .end) }
    guard [.cron, .every, .at].allSatisfy({ entries.value($0) == nil }) else { return }
    nodes.report(
      .missingKey, "\(Self.subject) needs one of the keys `cron`, `every` and `at`",
      at: node.headLocation, hint: "for example `cron: \"0 3 * * MON\"`, or `every: 6h`")
  }

  private mutating func readRules(_ entries: [YAMLNode.Entry], into schedule: inout Schedule) {
    schedule.window = entries.value(.window).flatMap {
      nodes.duration(of: $0, Key.window.marked, in: .interval)?.value
    }
    if let node = entries.value(.catchUp) {
      let choice: Located<Schedule.CatchUp>? = nodes.choice(
        of: node, Key.catchUp.marked,
        hint: "`one` starts one rollout for all missed instants, `all` one for each, `none` none")
      schedule.catchUp = choice?.value ?? .one
    }
    if let node = entries.value(.overlap) {
      let choice: Located<Schedule.Overlap>? = nodes.choice(
        of: node, Key.overlap.marked,
        hint: "what happens while an earlier rollout is in progress: `skip` is the default")
      schedule.overlap = choice?.value ?? .skip
    }
    schedule.jitter =
      entries.value(.jitter).flatMap {
        nodes.duration(of: $0, Key.jitter.marked, in: .jitter)?.value
      } ?? .zero
    schedule.pauseOnFailure =
      entries.value(.pauseOnFailure).flatMap { readBool($0, Key.pauseOnFailure) } ?? false
  }

  private mutating func readBool(_ node: YAMLNode, _ key: Key) -> Bool? {
    if case .bool(let value) = node.scalarValue { return value }
    nodes.reportShape(of: node, key.marked, expected: "`true` or `false`")
    return nil
  }
}

extension ClosedRange<Duration> {
  /// What lies between due instants, and how late a rollout may start: 1 s to 366 days.
  static var interval: Self { .seconds(1) ... .seconds(366 * 24 * 3600) }
  /// By how much starts are spread: at most a day.
  static var jitter: Self { .zero ... .seconds(24 * 3600) }
}

extension [YAMLNode.Entry] {
  /// The entry of a key of schedules, or nil when there is none.
  func entry(_ key: ScheduleReader.Key) -> YAMLNode.Entry? { entry(of: key.rawValue) }

  /// The value of a key of schedules, or nil when there is none.
  func value(_ key: ScheduleReader.Key) -> YAMLNode? { value(of: key.rawValue) }
}
