package import Events
package import Operations

/// The tenants of a rollout, as `privirun rollout status` lists them.
package struct TenantListing: Sendable {
  private static let longestReason = 200

  private let rows: [TenantRow]
  private let now: Moment
  /// What tenants in progress are called; they are interrupted where nobody drives the rollout.
  var running = TenantState.running.words

  /// Shows `rows` in the order given; runs in progress have taken until `now`.
  package init(_ rows: [TenantRow], at now: Moment) {
    self.rows = rows
    self.now = now
  }

  /// A table with a head line, or a sentence when there are no tenants; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    guard !rows.isEmpty else { return "no tenants\n" }
    let showsLabels = rows.contains { !$0.labels.isEmpty }
    let lines = rows.map { row in
      let elapsed = row.elapsed(at: now).map(ElapsedText.text) ?? ""
      let reason = String((row.reason ?? row.changes.text ?? "").prefix(Self.longestReason))
      return TextTable.Row(
        cells: [
          row.name, row.state == .running ? running : row.state.words, row.run?.text ?? "",
          row.startedAt?.listText ?? "", elapsed,
        ] + (showsLabels ? [row.labels.text] : []) + [reason],
        role: row.state.listRole)
    }
    let head =
      ["TENANT", "STATE", "RUN", "STARTED", "ELAPSED"] + (showsLabels ? ["LABELS"] : [])
      + ["CHANGES OR REASON"]
    return TextTable(head: head, rows: lines).text(style)
  }

  /// One line of JSON: `{"version":1,"tenants":[…]}`, each as in `schemas/rollout-report.schema.json`.
  package var json: String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version), "tenants": .list(rows.map(RolloutJSON.tenant)),
    ]).line + "\n"
  }
}

extension TenantState {
  /// Tenants that went well are not coloured, so that the others stand out.
  var listRole: TerminalStyle.Role { isSuccess ? .plain : role }
}
