import Diagnostics
import Playbooks
import Rollouts
import Schedules
import Serving

/// Rollout files whose form is simple: the name in the first line, the schedule in the second.
enum SampleRollouts {
  /// The definition of `name` in the file at `path`.
  static func definition(
    _ name: String, at path: String, every: Duration? = .seconds(3600)
  ) -> RolloutDefinition {
    let place = SourceLocation(file: path, line: 1, column: 1)
    var definition = RolloutDefinition(
      file: path, name: name, playbook: Located("p.yaml", at: place),
      tenants: TenantsFile(path: Located("t.csv", at: place)))
    definition.schedule = every.map { Schedule(every: $0) }
    return definition
  }

  /// Reads `rollout: NAME` and `schedule: SECONDS`; anything else is an error with a place.
  static func define(_ bytes: [UInt8], _ path: String) throws -> RolloutDefinition {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(separator: "\n")
    guard let first = lines.first, first.hasPrefix("rollout: "), !text.contains("bad") else {
      throw InvalidInput([
        Diagnostic(
          .unknownKey, "`bad` is no key", at: SourceLocation(file: path, line: 2, column: 3),
          hint: "remove it"),
        Diagnostic(.needlessKey, "odd", at: nil, severity: .warning),
      ])
    }
    let seconds = lines.dropFirst().first.flatMap { Int($0.dropFirst("schedule: ".count)) }
    return definition(
      String(first.dropFirst("rollout: ".count)), at: path, every: seconds.map { .seconds($0) })
  }
}
