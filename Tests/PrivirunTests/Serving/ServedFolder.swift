import Foundation
import Testing

/// A folder with a rollout file that has a schedule, and the daemon in it.
///
/// What a tenant does depends on its kind, as in `RolloutFolder`, and needs no service.
struct ServedFolder {
  let rollouts: RolloutFolder

  /// A rollout every second over tenants of these kinds; `schedule` are further keys of its schedule, and
  /// `more` further lines of the file.
  init(_ kinds: [String], schedule: String = "", _ more: String...) throws {
    let every = "schedule: { every: 1s\(schedule.isEmpty ? "" : ", \(schedule)") }"
    rollouts = try RolloutFolder(kinds, concurrency: 2, ([every] + more).joined(separator: "\n"))
  }

  var folder: TemporaryFolder { rollouts.folder }

  /// Starts `privirun serve` with a log of JSON and without a status server.
  func serve(_ arguments: String...) throws -> RunningProgram {
    try Program.start(
      ["serve", "rollout.yaml", "--listen", "none", "--log-format", "json"] + arguments,
      in: folder.path, environment: rollouts.environment)
  }

  /// What was decided, in the order of the due instants.
  func ticks() async throws -> [ServedTick] {
    let ended = try await rollouts.run(
      "schedule", "history", "kinds", "--limit", "10000", "--output", "json")
    try #require(ended.status == 0, "\(ended.errors)")
    return try RecordedStatus.object(ended.output).list("ticks").map(ServedTick.init).reversed()
  }

  /// The file of outputs with that name.
  func outputs(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
  }

  /// How the rollout `id` ended; nil where it has not.
  func outcome(of id: String) async throws -> String? {
    let ended = try await rollouts.run("rollout", "status", id, "--output", "json")
    try #require(ended.status == 0, "\(ended.errors)")
    return try RecordedStatus(ended.output).outcome
  }
}

/// A row of `schedule history`.
struct ServedTick {
  let due: Date
  let through: Date
  let count: Int
  let verdict: String
  let rollout: String?

  init(_ object: [String: Any]) throws {
    due = try Self.date(object["due"])
    through = try Self.date(object["through"])
    count = try #require(object["count"] as? Int)
    verdict = try #require(object["verdict"] as? String)
    rollout = object["rollout"] as? String
  }

  /// The instants are whole seconds.
  private static func date(_ value: Any?) throws -> Date {
    let text = try #require(value as? String)
    return try Date(text.prefix(19) + "Z", strategy: .iso8601)
  }
}

extension [ServedTick] {
  /// Whether each second from the first to the last has exactly one verdict.
  var areWhole: Bool {
    zip(self, dropFirst()).allSatisfy { $1.due == $0.through.addingTimeInterval(1) }
      && allSatisfy { $0.through.timeIntervalSince($0.due) == Double($0.count - 1) }
  }
}

extension RunningProgram {
  /// Waits for an entry of the log with `words`, and returns its fields.
  func entry(_ words: String) async throws -> [String: Any] {
    let line = try #require(await errorLine(with: words), "no `\(words)` in the log")
    return try #require(try RecordedStatus.object(line)["fields"] as? [String: Any])
  }
}
