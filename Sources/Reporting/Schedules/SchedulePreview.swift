import Events
package import Operations
package import Schedules

/// The coming due instants of a schedule, as `privirun schedule preview` shows them.
package struct SchedulePreview: Sendable {
  /// One due instant and what there is to say about it.
  struct Row: Sendable, Hashable {
    var local: ZonedTime
    var note: ClockNote?
    /// When its rollout starts, where the schedule has a `jitter`.
    var startsAt: Moment?
    /// When its rollout starts at the latest, where the schedule has a `window`.
    var latestStart: Moment?
  }

  /// The name of the rollout.
  let name: String
  /// The path of its file, as it was given.
  let file: String
  let schedule: Schedule
  /// The earliest instant that is shown.
  let from: Moment
  /// How many instants were asked for.
  let count: Int
  let rows: [Row]
  /// Why there are no more rows; nil where there are as many as were asked for.
  let shortfall: PreviewShortfall?

  /// The first `count` instants of `schedule`, at `from` or later.
  ///
  /// `name` is that of the rollout, on which its `jitter` depends, and `file` the path of its file.
  package init(
    _ schedule: Schedule, name: String, file: String, from: Moment, count: Int
  ) {
    self.schedule = schedule
    self.name = name
    self.file = file
    self.from = from
    self.count = count
    var rows: [Row] = []
    var last = from + .nanoseconds(-1)
    while rows.count < count, let due = schedule.next(after: last) {
      rows.append(
        Row(
          local: ZonedTime(due.at, in: schedule.zone),
          note: ClockNote(due, after: rows.last?.local, of: schedule),
          startsAt: schedule.jitter > .zero ? due.at + schedule.delay(of: due.at, for: name) : nil,
          latestStart: schedule.window.map { due.at + $0 }))
      last = due.at
    }
    self.rows = rows
    shortfall = rows.count < count ? PreviewShortfall(schedule, after: last) : nil
  }

  /// The schedule, a table of its instants, and why there are fewer than were asked for; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    var title = StyledLine(name, .strong)
    title.append(column: schedule.shortText)
    var lines = [title, RunDetail.fact("file", file)]
    for (name, text) in schedule.settings { lines.append(RunDetail.fact(name, text)) }
    var text = lines.map { $0.rendered(style) + "\n" }.joined() + "\n"
    if !rows.isEmpty { text += table.text(style) }
    if let shortfall {
      let found = rows.isEmpty ? "nothing is due at \(from.listText) or later" : found
      text += style.printable("\(found): \(shortfall.text)") + "\n"
    }
    return text
  }

  private var found: String { "only \(rows.count) of \(count)" }

  private var table: TextTable {
    let showsStarts = schedule.jitter > .zero
    let showsNotes = rows.contains { $0.note != nil }
    let head =
      ["AT", "WEEKDAY", "LOCAL TIME"] + (showsStarts ? ["STARTS"] : [])
      + (showsNotes ? ["CLOCKS"] : [])
    let lines = rows.map { row in
      TextTable.Row(
        cells: [row.local.at.listText, row.local.weekday, row.local.text]
          + (showsStarts ? [row.startsAt?.listText ?? ""] : [])
          + (showsNotes ? [row.note?.text ?? ""] : []),
        role: row.note == nil ? .plain : .notable)
    }
    return TextTable(head: head, rows: lines)
  }

  /// One line of JSON (`schemas/preview.schema.json`).
  package var json: String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version), "name": .text(name), "file": .text(file),
      "schedule": schedule.json, "from": .instant(from), "count": .count(count),
      "instants": .list(rows.map(\.json)), "fewer": shortfall?.json,
    ]).line + "\n"
  }
}

extension SchedulePreview.Row {
  fileprivate var json: EncodedJSON {
    .object([
      "at": .instant(local.at), "local": .text(local.rfc3339), "weekday": .text(local.weekday),
      "abbreviation": .text(local.abbreviation), "startsAt": startsAt.map(EncodedJSON.instant),
      "latestStart": latestStart.map(EncodedJSON.instant), "clocks": note?.json,
    ])
  }
}
