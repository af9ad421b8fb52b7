package import Events
import GRDB

extension JournalReader {
  /// The tick that the schedule called `name` started `rollout` for, the latest where it caught up several;
  /// nil for a rollout that no schedule started.
  package func tick(
    starting rollout: RunID, of name: String
  ) throws(JournalError) -> RecordedTick? {
    let number = try file.read { database -> Int? in
      guard try JournalSchema.hasSchedules(database) else { return nil }
      return try Int.fetchOne(
        database,
        sql: """
          SELECT max(ticks.number) FROM ticks JOIN schedules ON schedules.number = ticks.schedule
          WHERE schedules.name = ? AND ticks.rollout = ? AND ticks.verdict <> ?
          """,
        arguments: [name, rollout.text, TickVerdict.skippedOverlap(nil).name])
    }
    guard let number else { return nil }
    return try ticks(of: name, limit: 1, before: number + 1).first
  }
}
