import Events
package import Operations
import Schedules

/// The next due instants of several schedules, as `privirun schedule next` lists them.
package struct NextListing: Sendable {
  /// One due instant.
  private struct Row: Sendable, Hashable {
    var item: ListedSchedule
    var local: ZonedTime
    var startsAt: Moment?
    var note: ClockNote?
  }

  private let rows: [Row]
  private let unserved: [String]
  private let now: Moment

  /// The first `count` instants of all `items` whose rollouts start at `now` or later, in order.
  ///
  /// Schedules whose file is not served have none.
  package init(_ items: [ListedSchedule], count: Int, at now: Moment) {
    var cursors = items.compactMap { Cursor($0, at: now) }
    var rows: [Row] = []
    while rows.count < count,
      let index = cursors.indices.min(by: { cursors[$0].key < cursors[$1].key })
    {
      rows.append(cursors[index].row)
      if !cursors[index].advance() { cursors.remove(at: index) }
    }
    self.rows = rows
    self.now = now
    unserved = items.filter { !$0.state.isActive }.map(\.state.name)
  }

  /// A table with a head line, or a sentence when nothing is due; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    let others = unserved.map { style.printable("not served: \($0)") + "\n" }.joined()
    guard !rows.isEmpty else { return "nothing is due\n" + others }
    let showsStarts = rows.contains { $0.startsAt != nil }
    let showsNotes = rows.contains { $0.note != nil }
    let head =
      ["DUE", "LOCAL TIME", "IN", "SCHEDULE", "STATE"] + (showsStarts ? ["STARTS"] : [])
      + (showsNotes ? ["CLOCKS"] : [])
    let lines = rows.map { row in
      TextTable.Row(
        cells: [
          row.local.at.listText, row.local.text, ElapsedText.age(row.local.at - now),
          row.item.state.name, row.item.standing.words,
        ] + (showsStarts ? [row.startsAt?.listText ?? ""] : [])
          + (showsNotes ? [row.note?.text ?? ""] : []),
        role: row.item.state.pause == nil ? .plain : .notable)
    }
    return TextTable(head: head, rows: lines).text(style) + others
  }

  /// One line of JSON: `{"version":1,"instants":[…]}` (`schemas/next.schema.json`).
  package var json: String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version),
      "instants": .list(
        rows.map { row in
          .object([
            "schedule": .text(row.item.state.name), "at": .instant(row.local.at),
            "local": .text(row.local.rfc3339), "weekday": .text(row.local.weekday),
            "startsAt": row.startsAt.map(EncodedJSON.instant),
            "state": .text(row.item.standing.rawValue), "clocks": row.note?.json,
          ])
        }),
      "notServed": .list(unserved.map(EncodedJSON.text)),
    ]).line + "\n"
  }
}

extension NextListing {
  /// Where one schedule is in the list.
  private struct Cursor {
    /// By which instants are ordered: those of one moment by the names of their schedules.
    struct Key: Comparable {
      var at: Moment
      var name: String

      static func < (left: Key, right: Key) -> Bool {
        (left.at, left.name) < (right.at, right.name)
      }
    }

    private let item: ListedSchedule
    private let schedule: Schedule
    private(set) var row: Row

    var key: Key { Key(at: row.local.at, name: item.state.name) }

    /// At the first instant; nil when there is none.
    init?(_ item: ListedSchedule, at now: Moment) {
      guard item.state.isActive, let schedule = item.schedule else { return nil }
      self.item = item
      self.schedule = schedule
      // An instant that has passed may have its start before it, which `jitter` puts off.
      var last = max(item.state.decidedThrough, now + (.zero - schedule.jitter))
      while let due = schedule.next(after: last) {
        row = Self.row(of: due, after: nil, item, schedule)
        if row.startsAt ?? due.at >= now { return }
        last = due.at
      }
      return nil
    }

    /// Goes to the next instant; false when there is none.
    mutating func advance() -> Bool {
      guard let due = schedule.next(after: row.local.at) else { return false }
      row = Self.row(of: due, after: row.local, item, schedule)
      return true
    }

    private static func row(
      of due: DueInstant, after previous: ZonedTime?, _ item: ListedSchedule, _ schedule: Schedule
    ) -> Row {
      let delay =
        schedule.jitter > .zero ? schedule.delay(of: due.at, for: item.state.name) : nil
      return Row(
        item: item, local: ZonedTime(due.at, in: schedule.zone),
        startsAt: delay.map { due.at + $0 },
        note: ClockNote(due, after: previous, of: schedule))
    }
  }
}
