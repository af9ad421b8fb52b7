package import Events
package import Operations

/// What happened: facts without a secret, the same for whoever receives them.
package struct Notification: Sendable, Hashable {
  /// The kind of what happened.
  package typealias Topic = NotifyTarget.Topic

  /// What happened.
  package var topic: Topic
  /// When it was recorded.
  package var at: Moment
  /// The rollout that it is about.
  package var rollout: NotifiedRollout
  /// The schedule that started the rollout, or whose due instants are notified of.
  package var schedule: NotifiedSchedule?
  /// What a person is waited for.
  package var wait: NotifiedWait?
  /// What is not as the last runs left it.
  package var drift: NotifiedDrift?
  /// What can be done about it.
  package var commands: FollowUpCommands

  /// A notification about `rollout`.
  package init(
    _ topic: Topic, at moment: Moment, about rollout: NotifiedRollout,
    schedule: NotifiedSchedule? = nil, wait: NotifiedWait? = nil, drift: NotifiedDrift? = nil,
    commands: FollowUpCommands = FollowUpCommands()
  ) {
    self.topic = topic
    at = moment
    self.rollout = rollout
    self.schedule = schedule
    self.wait = wait
    self.drift = drift
    self.commands = commands
  }
}

/// A rollout, as notifications show it.
package struct NotifiedRollout: Sendable, Hashable {
  /// Its record; nil for a rollout that was not started, and for one that leaves no record.
  package var id: RunID?
  /// The name of the rollout.
  package var name: String
  /// The path of the rollout file.
  package var file: String
  /// The name of the playbook; nil where it was not read.
  package var playbook: String?
  /// What it does with each tenant; nil where that was not read.
  package var mode: RolloutMode?
  /// The name of the environment; nil where none is used, or it was not read.
  package var environment: String?
  /// How it ended; nil while it is in progress, and for one that was not started.
  package var outcome: Outcome?
  /// How its tenants stand; nil where nobody counted.
  package var counts: TenantCounts?
  /// Why not every tenant was started; nil where every one was, or nothing stopped it.
  package var stop: RolloutStop?

  /// The rollout `name` in `file`, of which nothing else is known.
  package init(name: String, file: String) {
    self.name = name
    self.file = file
  }

  /// The rollout that began with `start`.
  package init(_ start: RolloutStart) {
    self.init(name: start.name, file: start.file)
    id = start.rollout
    playbook = start.playbook
    mode = start.mode
    environment = start.environment
  }
}

/// One due instant of a schedule, or several in a row, and what was decided about it.
package struct NotifiedSchedule: Sendable, Hashable {
  /// The name of the schedule: that of the rollout.
  package var name: String
  /// The due instant, the earliest of several; of a `triggered` one, when a person asked for it.
  package var due: Moment
  /// The latest due instant; `due` where it is the only one.
  package var through: Moment
  /// How many due instants, at least 1.
  package var count: Int
  /// `TickVerdict.name`.
  package var verdict: String
  /// Why the rollout failed to start: one sentence without a secret.
  package var reason: String?

  /// What `tick` says about the schedule `name`.
  package init(_ name: String, _ tick: Tick) {
    self.name = name
    due = tick.due
    through = tick.through
    count = tick.count
    verdict = tick.verdict.name
    if case .failedToStart(let reason, _) = tick.verdict { self.reason = reason }
  }
}

/// What a rollout waits for.
package enum NotifiedWait: Sendable, Hashable {
  /// An approval of the stage after this one.
  case approval(stage: Int)
  /// Decisions in the runs of so many tenants.
  case decisions(tenants: Int)
}

/// How far tenants are from what their last runs left.
package struct NotifiedDrift: Sendable, Hashable {
  /// How many tenants drifted.
  package var tenants: Int
  /// How many things are there that were not.
  package var added: Int
  /// How many things are otherwise.
  package var changed: Int
  /// How many things are gone.
  package var removed: Int

  /// The drift of so many tenants.
  package init(tenants: Int, added: Int, changed: Int, removed: Int) {
    self.tenants = tenants
    self.added = added
    self.changed = changed
    self.removed = removed
  }
}

/// Commands that are suggested, each as a shell reads it; nil for what is not suggested.
package struct FollowUpCommands: Sendable, Hashable {
  /// Shows where the rollout stands.
  package var status: String?
  /// Lets the next stage start.
  package var approve: String?
  /// Lets a rollout go on after decisions in the runs of tenants.
  package var resume: String?
  /// Runs the tenants again that did not succeed.
  package var retry: String?
  /// Lists the runs in doubt.
  package var doubts: String?
  /// Shows what differs.
  package var plan: String?
  /// Lists what was decided about due instants.
  package var history: String?

  /// No suggestion.
  package init() {}
}
