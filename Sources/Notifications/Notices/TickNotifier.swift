package import Events
package import Operations

/// Makes the notifications about due instants for which no rollout was started.
package enum TickNotifier {
  /// The longest reason, in characters.
  private static let longestReason = 500

  /// The notifications about `ticks`, which the change of the ledger to `state` records.
  ///
  /// Those with the same verdict are one notification. The same ones are made each time.
  ///
  /// `scrubber` knows the secrets that the reason of a rollout that failed to start may hold.
  package static func notices(
    for ticks: [Tick], of state: ScheduleState, routes: [NoticeRoute],
    commands: FollowUpCommands, hiding scrubber: SecretScrubber = SecretScrubber()
  ) -> [StoredNotice] {
    merged(ticks).flatMap { tick -> [StoredNotice] in
      guard let topic = NotifyTarget.Topic.topic(of: tick.verdict) else { return [] }
      var schedule = NotifiedSchedule(state.name, tick)
      schedule.reason = schedule.reason.map { scrubber.line($0, limit: longestReason) }
      let notification = Notification(
        topic, at: tick.decidedAt,
        about: NotifiedRollout(name: state.name, file: state.file), schedule: schedule,
        commands: commands)
      return routes.enumerated().compactMap { index, route in
        guard route.topics.contains(topic) else { return nil }
        let id = NoticeID.id(of: [
          "ticks", state.name, "\(state.version)", tick.verdict.name, "\(tick.due.nanoseconds)",
          "\(index)",
        ])
        return StoredNotice(
          notification, id: id, to: route.destination, due: tick.decidedAt)
      }
    }
  }

  /// The ticks, of which those with one verdict are one, in the order of the first of each.
  private static func merged(_ ticks: [Tick]) -> [Tick] {
    ticks.reduce(into: []) { merged, tick in
      guard let index = merged.firstIndex(where: { $0.verdict == tick.verdict }) else {
        return merged.append(tick)
      }
      merged[index].due = min(merged[index].due, tick.due)
      merged[index].through = max(merged[index].through, tick.through)
      merged[index].count += tick.count
      merged[index].decidedAt = max(merged[index].decidedAt, tick.decidedAt)
    }
  }
}
