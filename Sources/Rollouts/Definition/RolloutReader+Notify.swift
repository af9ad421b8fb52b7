import Diagnostics
import Events
import Notifications
import Playbooks

/// Where notifications go.
extension RolloutReader {
  mutating func readNotify(
    _ entries: [YAMLNode.Entry], into definition: inout RolloutDefinition
  ) {
    // A command that cannot be read is there all the same.
    let commands = (entries.value(.allowCommands)?.entries ?? []).map(\.key)
    var reasons = Self.impossible(with: definition.mode)
    if let schedule = entries.value(.schedule)?.entries?.value(of: RolloutKey.notify.rawValue) {
      definition.scheduleNotify =
        NotifyReader(commands: commands, impossible: reasons).read(schedule, with: &nodes)
    }
    guard let node = entries.value(.notify) else { return }
    if entries.value(.schedule) == nil { reasons[.missed] = "the rollout has no `schedule`" }
    definition.notify =
      NotifyReader(commands: commands, impossible: reasons).read(node, with: &nodes)
    // A rollout that the schedule started keeps both as one list.
    guard definition.notify.count + definition.scheduleNotify.count > NotifyReader.most else {
      return
    }
    nodes.report(
      .outOfRange,
      "`notify` and that of `schedule` have more than \(NotifyReader.most) entries together",
      at: node.location)
  }

  /// The topics that never happen in a mode, and why.
  private static func impossible(with mode: RolloutMode) -> [NotifyTarget.Topic: String] {
    switch mode {
    case .apply: return [.drift: "only a rollout with `mode: drift` looks for it"]
    case .plan, .drift:
      let reason = "a rollout with `mode: \(mode.rawValue)` changes nothing"
      let shared: [NotifyTarget.Topic: String] = [.inDoubt: reason, .waiting: reason]
      return mode == .drift
        ? shared
        : shared.merging([.drift: "only a rollout with `mode: drift` looks for it"]) { $1 }
    }
  }
}
