import Diagnostics
package import Expressions
import Playbooks
package import TimeZones

/// The schedule as a rollout file has it.
extension Schedule {
  /// The schedule on one line, every key that has another value than its default: JSON, and so YAML.
  ///
  /// Equal schedules have the same text, except that zones with other rules and the same name do, too.
  package var text: String { JSON.text(.map(value)) }

  /// The schedule that `text` of another one describes, its local times by the rules of `zones`.
  ///
  /// Nil when it is none, or names a zone that `zones` has not.
  package init?(text: String, zones: TimeZoneDatabase) {
    let yaml = YAMLReading(of: Array(text.utf8), file: "", limits: .playbook)
    var nodes = PlaybookReader(file: "")
    guard let node = yaml.node, !yaml.diagnostics.hasErrors,
      let schedule = ScheduleReader.read(node, with: &nodes, zones: zones),
      !nodes.diagnostics.hasErrors
    else { return nil }
    self = schedule
  }

  /// The map under `schedule` of a rollout file that says the same.
  package var value: ValueMap {
    var fields = ValueMap()
    switch cron.count {
    case 0: break
    case 1: fields[.cron] = .string(cron[0].text)
    case _: fields[.cron] = .list(cron.map { .string($0.text) })
    }
    fields[.every] = every.map { .string(DurationText.text($0)) }
    if !at.isEmpty { fields[.at] = .list(at.map { .string($0.text) }) }
    if zone.name != TimeZoneRules.utc.name { fields[.timezone] = .string(zone.name) }
    fields[.window] = window.map { .string(DurationText.text($0)) }
    if catchUp != .one { fields[.catchUp] = .string(catchUp.rawValue) }
    if overlap != .skip { fields[.overlap] = .string(overlap.rawValue) }
    if jitter != .zero { fields[.jitter] = .string(DurationText.text(jitter)) }
    if pauseOnFailure { fields[.pauseOnFailure] = .bool(true) }
    fields[.from] = from.map { .string($0.text) }
    fields[.until] = until.map { .string($0.text) }
    return fields
  }
}

extension ValueMap {
  fileprivate subscript(key: ScheduleReader.Key) -> Value? {
    get { self[key.rawValue] }
    set { self[key.rawValue] = newValue }
  }
}
