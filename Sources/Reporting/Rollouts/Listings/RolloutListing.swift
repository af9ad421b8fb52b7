package import Events
package import Operations

/// The rollouts of a journal, newest first.
package struct RolloutListing: Sendable {
  /// One rollout of the list.
  package struct Item: Sendable, Hashable {
    /// What the journal says of it.
    package var summary: RolloutSummary
    /// How its tenants stand.
    package var counts: TenantCounts
    /// Where it stands if it is not over.
    package var progress: RunProgress?

    /// A rollout whose tenants stand as `counts` says.
    package init(
      _ summary: RolloutSummary, counts: TenantCounts, progress: RunProgress? = nil
    ) {
      self.summary = summary
      self.counts = counts
      self.progress = progress
    }
  }

  private let items: [Item]
  private let now: Moment

  /// Shows `items` in the order given, with their age at `now`.
  package init(_ items: [Item], at now: Moment) {
    self.items = items
    self.now = now
  }

  /// A table with a head line, or a sentence when there are no rollouts; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    guard !items.isEmpty else {
      return "no rollouts yet: `privirun rollout run FILE` makes one\n"
    }
    let rows = items.map { item in
      let it = item.summary
      return TextTable.Row(
        cells: [
          it.rollout.text, it.startedAt.listText, ElapsedText.age(now - it.startedAt), it.name,
          it.start?.environment ?? "", word(of: item),
          item.counts.text(running: item.progress.runningWord),
        ],
        role: it.outcome.map(\.listRole) ?? .active)
    }
    let head = ["ROLLOUT", "STARTED", "AGE", "NAME", "ENVIRONMENT", "OUTCOME", "TENANTS"]
    return TextTable(head: head, rows: rows).text(style)
  }

  /// One line of JSON: `{"version":1,"rollouts":[…]}` (`schemas/rollouts.schema.json`).
  package var json: String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version), "rollouts": .list(items.map(json)),
    ]).line + "\n"
  }

  private func word(of item: Item) -> String {
    item.summary.outcome?.word ?? item.progress?.text ?? "unfinished"
  }

  private func json(_ item: Item) -> EncodedJSON {
    let it = item.summary
    return .object([
      "rollout": .text(it.rollout.text), "name": .text(it.name), "file": .text(it.file),
      "playbook": .text(it.playbook), "environment": it.start?.environment.map(EncodedJSON.text),
      "startedAt": .instant(it.startedAt), "lastEventAt": .instant(it.lastEventAt),
      "outcome": it.outcome.map { .text($0.rawValue) },
      "progress": item.progress.map { .text($0.state.rawValue) },
      "driver": item.progress?.driverJSON,
      "since": (item.progress?.since).map(EncodedJSON.instant),
      "labels": (it.start?.labels).flatMap { EncodedEvent.json(of: $0) },
      "counts": RolloutJSON.json(item.counts),
    ])
  }
}
