import EventSamples
import Foundation
import Testing

/// `schedule preview`, which needs no journal.
@Suite("Previews of schedules", .timeLimit(.minutes(20)))
struct SchedulePreviewCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ schedule: String?, to name: String = "rollout.yaml") throws {
    try folder.write(
      """
      rollout: 1
      name: nightly
      playbook: playbook.yaml
      tenants: tenants.csv
      \(schedule.map { "schedule: \($0)" } ?? "")

      """, to: name)
  }

  private func preview(_ arguments: String...) async throws -> Ended {
    try await Program.run(["schedule", "preview"] + arguments, in: folder.path)
  }

  private static let gap =
    "02:30 does not exist on that day: runs at 03:00, the end of the gap"

  @Test(arguments: [
    (
      "Europe/Stockholm", "30 2 * * *", "2027-03-28",
      """
      AT                    WEEKDAY  LOCAL TIME                       CLOCKS
      2027-03-28 01:00:00Z  Sunday   2027-03-28 03:00:00 +02:00 CEST  \(gap)
      2027-03-29 00:30:00Z  Monday   2027-03-29 02:30:00 +02:00 CEST
      """
    ),
    (
      "Europe/Stockholm", "30 2 * * *", "2027-10-31",
      """
      AT                    WEEKDAY  LOCAL TIME                       CLOCKS
      2027-10-31 00:30:00Z  Sunday   2027-10-31 02:30:00 +02:00 CEST  02:30 occurs twice: runs the first time only
      2027-11-01 01:30:00Z  Monday   2027-11-01 02:30:00 +01:00 CET   clocks have gone back by 1 h since the previous instant (CEST to CET)
      """
    ),
    (
      "America/New_York", "30 2 * * *", "2027-03-14T02:00",
      """
      AT                    WEEKDAY  LOCAL TIME                      CLOCKS
      2027-03-14 07:00:00Z  Sunday   2027-03-14 03:00:00 -04:00 EDT  \(gap)
      2027-03-15 06:30:00Z  Monday   2027-03-15 02:30:00 -04:00 EDT
      """
    ),
    (
      "America/New_York", "0 * * * *", "2027-11-07T05:00:00Z",
      """
      AT                    WEEKDAY  LOCAL TIME                      CLOCKS
      2027-11-07 05:00:00Z  Sunday   2027-11-07 01:00:00 -04:00 EDT  01:00 occurs twice: runs both times, and this is the first
      2027-11-07 06:00:00Z  Sunday   2027-11-07 01:00:00 -05:00 EST  01:00 occurs twice: runs both times, and this is the second
      """
    ),
    (
      "Australia/Lord_Howe", "15 2 * * *", "2027-10-03T02:15",
      """
      AT                    WEEKDAY  LOCAL TIME                  CLOCKS
      2027-10-02 15:30:00Z  Sunday   2027-10-03 02:30:00 +11:00  02:15 does not exist on that day: runs at 02:30, the end of the gap
      2027-10-03 15:15:00Z  Monday   2027-10-04 02:15:00 +11:00
      """
    ),
    (
      "Australia/Lord_Howe", "45 1 * * *", "2027-04-04",
      """
      AT                    WEEKDAY  LOCAL TIME                  CLOCKS
      2027-04-03 14:45:00Z  Sunday   2027-04-04 01:45:00 +11:00  01:45 occurs twice: runs the first time only
      2027-04-04 15:15:00Z  Monday   2027-04-05 01:45:00 +10:30  clocks have gone back by 30 min since the previous instant (+11:00 to +10:30)
      """
    ),
  ])
  func `what the clocks of a zone do is said in words`(
    zone: String, cron: String, from: String, table: String
  ) async throws {
    try write("{ cron: \"\(cron)\", timezone: \(zone) }")
    #expect(
      try await preview("rollout.yaml", "--count", "2", "--from", from)
        == Ended(
          status: 0,
          output: """
            nightly  \(cron) in \(zone)
              file      rollout.yaml

            \(table)

            """))
  }

  @Test func `a preview for programs fits its schema`() async throws {
    try write("{ every: 90m, until: 2027-01-01T03:00:00Z, jitter: 10s, window: 1m }")
    let ended = try await preview(
      "rollout.yaml", "--output", "json", "--from", "2027-01-01T00:00:00.000000Z")
    let schema = try SchemaCheck(named: "preview.schema.json")
    #expect(try schema.complaints(aboutDocument: ended.output) == [])
    let document = try RecordedStatus.object(ended.output)
    let instants = try document.list("instants").compactMap { $0["at"] as? String }
    #expect(
      instants == [
        "2027-01-01T00:00:00.000000Z", "2027-01-01T01:30:00.000000Z", "2027-01-01T03:00:00.000000Z",
      ])
    #expect((document["fewer"] as? [String: String])?["reason"] == "until")
  }

  @Test func `all mistakes of a file are reported at once, with a caret`() async throws {
    try write("{ cron: \"61 3 * * MUN\", timezone: Europe/Stokholm }")
    #expect(
      try await preview("rollout.yaml")
        == Ended(
          status: 2,
          errors: """
            rollout.yaml:5:20: error[P0503]: `61` is not a minute [out-of-range]
              5 | schedule: { cron: "61 3 * * MUN", timezone: Europe/Stokholm }
                |                    ^^
              hint: minutes are from 0 to 59

            rollout.yaml:5:29: error[P1104]: `MUN` is not a day of the week [invalid-cron]
              5 | schedule: { cron: "61 3 * * MUN", timezone: Europe/Stokholm }
                |                             ^^^
              hint: did you mean `SUN`?

            rollout.yaml:5:45: error[P1106]: there is no time zone `Europe/Stokholm` [unknown-timezone]
              5 | schedule: { cron: "61 3 * * MUN", timezone: Europe/Stokholm }
                |                                             ^^^^^^^^^^^^^^^
              hint: did you mean `Europe/Stockholm`?

            """))
  }

  @Test func `what cannot be previewed is refused with a hint`() async throws {
    try write(nil)
    try write("\"@daily\"", to: "daily.yaml")
    #expect(
      try await preview("rollout.yaml")
        == Ended(
          status: 2,
          errors: """
            privirun: the rollout file `rollout.yaml` has no schedule
              hint: add one, such as `schedule: { cron: "0 3 * * MON", timezone: Europe/Stockholm }`

            """))
    #expect(
      try await preview("nope.yaml")
        == Ended(status: 2, errors: "privirun: the rollout file `nope.yaml` does not exist\n"))
    #expect(
      try await preview("daily.yaml", "--from", "soon")
        == Ended(
          status: 2,
          errors: """
            privirun: `--from soon` is not an instant
              hint: write `2027-03-28` or `2027-03-28T02:30` for a local time in UTC, or `2027-03-28T01:30:00Z`

            """))
    for count in ["0", "10001"] {
      let ended = try await preview("daily.yaml", "--count", count)
      #expect(ended.status == 2)
      #expect(ended.errors.hasPrefix("Error: --count must be 1 to 10000\n"))
    }
    let most = try await preview("daily.yaml", "--count", "10000", "--output", "json")
    #expect(try RecordedStatus.object(most.output).list("instants").count == 10_000)
  }
}
