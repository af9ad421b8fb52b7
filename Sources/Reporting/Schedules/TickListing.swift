import Events
import Operations

/// What was decided about due instants, as `privirun schedule history` lists it.
package struct TickListing: Sendable {
  private let rows: [ListedTick]

  /// Shows `rows` in the order given.
  package init(_ rows: [ListedTick]) {
    self.rows = rows
  }

  /// A table with a head line, or a sentence when there are no ticks; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    guard !rows.isEmpty else { return "nothing was due yet\n" }
    let showsLocal = rows.contains { $0.zone != nil }
    let lines = rows.map { row in
      let verdict = row.tick.verdict
      return TextTable.Row(
        cells: [row.tick.due.listText] + (showsLocal ? [row.local?.text ?? ""] : []) + [
          row.schedule, verdict.text, verdict.startedRollout?.text ?? "",
          row.tick.decidedAt.listText, ElapsedText.text(row.delay), row.notes,
        ], role: verdict.listRole)
    }
    let head =
      ["DUE"] + (showsLocal ? ["LOCAL TIME"] : [])
      + ["SCHEDULE", "VERDICT", "ROLLOUT", "DECIDED", "AFTER", "NOTES"]
    return TextTable(head: head, rows: lines).text(style)
  }

  /// One line of JSON: `{"version":1,"ticks":[…]}` (`schemas/ticks.schema.json`).
  package var json: String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version), "ticks": .list(rows.map(\.json)),
    ]).line + "\n"
  }
}
