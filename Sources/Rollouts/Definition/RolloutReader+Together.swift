import Diagnostics
import Events
import Playbooks

/// What contradicts other parts of the file.
extension RolloutReader {
  mutating func checkTogether(_ rollout: RolloutDefinition, _ entries: [YAMLNode.Entry]) {
    checkStages(rollout.bounds, entries)
    checkLimits(rollout.bounds, entries)
    checkOutputs(rollout)
    checkMode(rollout, entries)
  }

  private mutating func checkStages(_ bounds: RolloutBounds, _ entries: [YAMLNode.Entry]) {
    for key in [RolloutKey.bake, .gate] where entries.entry(.ramp) == nil {
      guard let entry = entries.entry(key) else { continue }
      nodes.report(
        .misplacedKey, "\(key.marked) goes with `ramp`: without it there is one stage",
        at: entry.keyLocation, hint: "add stages, such as `ramp: [1, \"20%\"]`, or leave it out")
    }
    if let bake = bounds.bake, let deadline = bounds.deadline, !bounds.ramp.isEmpty,
      deadline <= bake, let entry = entries.entry(.deadline)
    {
      nodes.report(
        .contradiction, "the rollout would reach its `deadline` before `bake` is over",
        at: entry.keyLocation,
        hint: "`deadline` is \(DurationText.text(deadline)), and `bake` \(DurationText.text(bake))")
    }
  }

  private mutating func checkLimits(_ bounds: RolloutBounds, _ entries: [YAMLNode.Entry]) {
    if let votes = bounds.votesAtOnce, votes > bounds.concurrency,
      let entry = entries.entry(.votesAtOnce)
    {
      warn(
        "\(votes) votes are never open at once: only \(bounds.concurrency) tenants are in progress",
        at: entry, hint: "raise `concurrency`, or leave `votes-at-once` out")
    }
    let stops: [RolloutKey] = [.maxFailures, .deadline, .ramp]
    if let entry = entries.entry(.onStop), stops.allSatisfy({ entries.entry($0) == nil }) {
      warn(
        "nothing stops this rollout, so `on-stop` has no effect", at: entry,
        hint: "add \(stops.dropLast().map(\.marked).joined(separator: ", ")) or `ramp`")
    }
    if let retry = bounds.retry, retry.attempts == 1, let entry = entries.entry(.retry) {
      warn("one attempt is what a tenant has without `retry`", at: entry, hint: nil)
    }
  }

  private mutating func checkOutputs(_ rollout: RolloutDefinition) {
    guard let outputs = rollout.outputs else { return }
    let inputs = [(rollout.tenants.path.value, "tenants"), (rollout.playbook.value, "playbook")]
    for (path, name) in inputs
    where LexicalPath.normal(path) == LexicalPath.normal(outputs.value) {
      nodes.report(
        .contradiction, "`outputs` would overwrite the file that `\(name)` names",
        at: outputs.location, hint: "write them into another file")
    }
  }

  private mutating func checkMode(_ rollout: RolloutDefinition, _ entries: [YAMLNode.Entry]) {
    guard rollout.mode != .apply else { return }
    for key in [RolloutKey.outputs, .votesAtOnce] {
      guard let entry = entries.entry(key) else { continue }
      warn(
        "\(key.marked) has no effect with `mode: \(rollout.mode.rawValue)`", at: entry, hint: nil)
    }
  }

  private mutating func warn(_ message: String, at entry: YAMLNode.Entry, hint: String?) {
    nodes.diagnostics.add(
      Diagnostic(
        .needlessKey, message, at: entry.keyLocation, hint: hint, severity: .warning))
  }
}

/// Paths that are compared without the file system.
private enum LexicalPath {
  /// `path` without `.`, double slashes, and `..` behind a name.
  static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
