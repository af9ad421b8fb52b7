package import Events
package import Operations
import Schedules

/// A schedule whose ledger cannot be used.
package struct UnusableSchedule: Sendable, Hashable {
  private let name: String
  private let reason: String
  private let hint: String?

  /// The schedule `name`; `reason` is one sentence without a full stop, and `hint` says what makes its ledger
  /// usable, nil where it can only begin anew.
  package init(_ name: String, reason: String, hint: String? = nil) {
    self.name = name
    self.reason = reason
    self.hint = hint
  }

  /// What it means and what to do, a line each.
  fileprivate func lines(_ commands: ScheduleCommands) -> [String] {
    [
      "nothing is decided about `\(name)`: \(reason)",
      "  hint: \(hint ?? "`\(commands.forget(name))` lets it begin anew")",
    ]
  }

  fileprivate var json: EncodedJSON { .object(["name": .text(name), "reason": .text(reason)]) }
}

/// The schedules of a journal, as `privirun schedule list` shows them.
package struct ScheduleListing: Sendable {
  private let items: [ListedSchedule]
  private let unusable: [UnusableSchedule]
  private let acting: RunProgress.Driver?
  private let silence: Duration?
  private let commands: ScheduleCommands
  private let now: Moment

  /// Shows `items` in the order given, as they stand at `now`, and those that are `unusable`; nil
  /// `acting` says that no process acts, and `silence` how long it has not renewed its lease where that is too
  /// long.
  ///
  /// Suggested commands name the `journal` unless it is nil.
  package init(
    _ items: [ListedSchedule], unusable: [UnusableSchedule] = [], acting: RunProgress.Driver?,
    silentFor silence: Duration? = nil, journal: JournalReference? = nil,
    at now: Moment
  ) {
    self.items = items
    self.unusable = unusable
    self.acting = acting
    self.silence = silence
    self.now = now
    commands = ScheduleCommands(journal: journal)
  }

  /// A table with a head line, or a sentence when there are no schedules, and who acts; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    let who = commands.text(of: acting, silentFor: silence)
    let lines = unusable.flatMap { $0.lines(commands) } + [who]
    let ending = lines.map { style.printable($0) + "\n" }.joined()
    guard !items.isEmpty else { return "no schedules yet\n" + ending }
    let showsNotes = items.contains { !$0.notes(at: now).isEmpty }
    let head =
      ["SCHEDULE", "STATE", "NEXT DUE", "IN", "LAST DUE", "VERDICT", "WHEN", "FILE"]
      + (showsNotes ? ["NOTES"] : [])
    let rows = items.map { item in
      TextTable.Row(
        cells: cells(of: item)
          + (showsNotes ? [item.notes(at: now).joined(separator: "; ")] : []), role: role(of: item))
    }
    return TextTable(head: head, rows: rows).text(style) + ending
  }

  /// One line of JSON: `{"version":1,"schedules":[…]}` (`schemas/schedules.schema.json`).
  package var json: String {
    EncodedJSON.object([
      "version": .count(EncodedEvent.version), "acting": acting?.json,
      "silentMilliseconds": silence.map(EncodedJSON.milliseconds),
      "schedules": .list(items.map { $0.json(at: now) }),
      "unusable": unusable.isEmpty ? nil : .list(unusable.map(\.json)),
    ]).line + "\n"
  }

  private func cells(of item: ListedSchedule) -> [String] {
    let next = item.next(after: now)
    return [
      item.state.name, item.standing.words, next.map { item.text(of: $0.at) } ?? "none",
      next.map { ElapsedText.age($0.at - now) } ?? "",
      item.latest.map { item.text(of: $0.through) } ?? "", item.latest?.verdict.text ?? "",
      item.schedule?.shortText ?? "", item.state.file,
    ]
  }

  private func role(of item: ListedSchedule) -> TerminalStyle.Role {
    switch item.standing {
    case .notServed: .faint
    case .paused: .notable
    case .running: .active
    case .active: item.latest?.verdict.listRole ?? .plain
    }
  }
}

extension ListedSchedule {
  /// In the zone of the schedule, or in UTC where that is not known.
  func text(of moment: Moment) -> String {
    schedule.map { ZonedTime(moment, in: $0.zone).text } ?? moment.listText
  }

  fileprivate func json(at now: Moment) -> EncodedJSON {
    .object([
      "name": .text(state.name), "file": .text(state.file), "state": .text(standing.rawValue),
      "schedule": schedule?.json, "firstSeenAt": .instant(state.firstSeen),
      "decidedThrough": .instant(state.decidedThrough), "nextDue": nextJSON(after: now),
      "lastTick": latest.map { ListedTick($0, of: state.name, in: schedule?.zone).json },
      "pause": state.pause?.json,
      "running": state.current.map { current in
        .object([
          "rollout": current.rollout.map { .text($0.text) }, "due": .instant(current.due),
          "waitsFor": wait?.json,
        ])
      }, "queued": state.queued.map(EncodedJSON.instant), "triggers": .count(triggers),
      "undecided": undecided(at: now).map { range in
        .object([
          "first": .instant(range.first), "last": .instant(range.last),
          "count": .count(range.count),
        ])
      },
    ])
  }

  /// The first instant after `now`, for programs.
  func nextJSON(after now: Moment) -> EncodedJSON? {
    next(after: now).map { due in
      .object([
        "at": .instant(due.at),
        "local": schedule.map { .text(ZonedTime(due.at, in: $0.zone).rfc3339) },
      ])
    }
  }
}
