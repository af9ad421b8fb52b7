package import Events
package import Operations

/// Makes the notifications about one rollout: a function from what happened to what is delivered.
package struct RolloutNotifier: Sendable, Hashable {
  private let rollout: NotifiedRollout
  private let routes: [NoticeRoute]
  private let schedule: NotifiedSchedule?
  private let commands: FollowUpCommands
  private let headStart: Duration

  /// Notifications about `rollout` on these routes.
  ///
  /// For `headStart` after an event, its notifications are left to the process that makes them
  /// (`NoticeDispatch`); with zero they are anybody's at once. `schedule` says which due instant the rollout
  /// was started for.
  package init(
    of rollout: NotifiedRollout, routes: [NoticeRoute], schedule: NotifiedSchedule? = nil,
    commands: FollowUpCommands, headStart: Duration = .zero
  ) {
    self.rollout = rollout
    self.routes = routes
    self.schedule = schedule
    self.commands = commands
    self.headStart = headStart
  }

  /// Whether nobody is notified of anything.
  package var isIdle: Bool { routes.isEmpty }

  /// The notifications that follow from an event of the rollout; the same ones each time.
  package func notices(of event: RunEvent) -> [StoredNotice] {
    guard case .rollout(let kind) = event.kind else { return [] }
    switch kind {
    case .approvalRequested(let stage):
      return notices([.waiting], at: event.at, number: event.sequence) { _ in
        notification(.waiting, at: event.at, wait: .approval(stage: stage))
      }
    case .finished(let result):
      let topics = NotifyTarget.Topic.topics(of: result)
      return notices(topics, at: event.at, number: event.sequence) { topic in
        var notification = notification(topic, at: event.at, wait: .none)
        notification.rollout.outcome = result.outcome
        notification.rollout.counts = result.counts
        notification.rollout.stop = result.stop
        if topic == .waiting { notification.wait = .decisions(tenants: result.counts[.waiting]) }
        return notification
      }
    case .started, .stageStarted, .stageProved, .baking, .gateEvaluated, .approvalDecided,
      .tenantRefused, .paused, .unpaused, .stopping, .resumed:
      return []
    }
  }

  /// The notifications about a rollout that left no record: it only planned, or looked for drift.
  ///
  /// `drift` is nil where none was found, or nobody looked. `id` names the plan in the ids of the
  /// notifications.
  package func notices(
    ofPlan id: RunID, _ outcome: Outcome, drift: NotifiedDrift?, at moment: Moment
  ) -> [StoredNotice] {
    var topics: [NotifyTarget.Topic] = drift == nil ? [] : [.drift]
    if !outcome.allowsContinuation {
      topics.append(.failed)
    } else if drift == nil {
      topics.append(.finished)
    }
    return notices(topics, at: moment, number: 0, of: id) { topic in
      var notification = notification(topic, at: moment, wait: .none)
      notification.rollout.outcome = outcome
      notification.drift = drift
      return notification
    }
  }

  private func notification(
    _ topic: NotifyTarget.Topic, at moment: Moment, wait: NotifiedWait?
  ) -> Notification {
    Notification(
      topic, at: moment, about: rollout, schedule: schedule, wait: wait, commands: commands)
  }

  private func notices(
    _ topics: [NotifyTarget.Topic], at moment: Moment, number: Int, of record: RunID? = nil,
    _ make: (NotifyTarget.Topic) -> Notification
  ) -> [StoredNotice] {
    let record = (record ?? rollout.id)?.text ?? ""
    return routes.enumerated().compactMap { index, route in
      guard let topic = route.first(of: topics) else { return nil }
      let id = NoticeID.id(of: ["rollout", record, "\(number)", "\(index)"])
      return StoredNotice(
        make(topic), id: id, to: route.destination, due: moment + headStart)
    }
  }
}
