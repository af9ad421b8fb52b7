import Events
import Journaling
import Operations

extension ArchiveReport {
  /// Whether it was done.
  enum Tense {
    case planned
    case done
  }

  /// What was moved into `archive`, and what stays although it is old enough; ends in a newline.
  func text(_ archive: String, _ tense: Tense) -> String {
    let what = CountText.list(["rollout": moved.rollouts, "run": moved.runs, "tick": ticks])
    let size = moved.isEmpty ? "" : " (\(CountText.text(events, "event")))"
    let verb = tense == .planned ? "would move" : "moved"
    var lines = ["\(verb) \(what)\(size)\(moved.isEmpty && ticks == 0 ? "" : " to \(archive)")"]
    if texts > 0 {
      lines.append("removed \(CountText.text(texts, "text")) that no record names any more")
    }
    if !stays.isEmpty { lines.append("old enough, but not moved:") }
    for (stay, records) in stays.sorted(by: { $0.key < $1.key }) {
      let count = CountText.list(["rollout": records.rollouts, "run": records.runs])
      lines.append("  \(count): \(stay.phrase)")
    }
    for damage in damages {
      lines.append("  \(damage.kind == .rollout ? "rollout" : "run") \(damage.record) is damaged:")
      lines += damage.flaws.prefix(5).map { "    \($0)" }
    }
    for (name, reason) in keptLedgers.sorted(by: { $0.key < $1.key }) {
      lines.append("  the ticks of the schedule `\(name)`: \(reason)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether something was not moved that is not what was recorded.
  var leavesDamage: Bool {
    stays[.damaged] != nil || stays[.differs] != nil || !keptLedgers.isEmpty
  }
}
