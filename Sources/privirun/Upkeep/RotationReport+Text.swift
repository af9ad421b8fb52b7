import Journaling

extension RotationReport {
  /// What is under the new key, and what is not; ends in a newline.
  var text: String {
    let what = CountText.list([
      "rollout": records.rollouts, "run": records.runs, "schedule": schedules,
    ])
    var lines = [
      "the journal has a new key: \(what)", "  new key: \(key)",
      "  old key: \(oldKey); remove it once no backup, archive or saved plan needs it",
      "saved plans that were sealed under the old key do not open any more",
    ]
    if !stays.isEmpty { lines.append("not under the new key:") }
    lines += stays.map { "  \($0)" }
    if furtherStays > 0 { lines.append("  and \(furtherStays) more") }
    return lines.joined(separator: "\n") + "\n"
  }
}
