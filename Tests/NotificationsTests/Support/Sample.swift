import EventSamples
import Events
import Notifications
import Operations

/// What the tests notify of.
enum Sample {
  /// 2027-03-01T02:00:00Z.
  static let moment = Moment(nanoseconds: 1_803_866_400_000_000_000)
  static let id = RunID("7k2m9q0d4x1z") ?? SampleRun.drawn(1)

  static let post = NoticeDestination.post(
    "https://hooks.example.com/services/\(token)?key=\(token)", secret: "env:HOOK_SECRET")
  static let command = NoticeDestination.command("pager", words: ["notify", "--about", "onboard"])
  /// A token within an address, which is shown nowhere.
  static let token = "planted-token-9d2f"

  static let everything = Set(NotifyTarget.Topic.allCases)

  static func start(_ environment: String? = "staging") -> RolloutStart {
    var start = SampleRollout.start(tenants: 20)
    start.environment = environment
    return start
  }

  static var commands: FollowUpCommands {
    var commands = FollowUpCommands()
    commands.status = "privirun rollout status 3x7v0n5k2p8q"
    commands.approve = "privirun rollout approve 3x7v0n5k2p8q"
    commands.resume = "privirun rollout resume 3x7v0n5k2p8q"
    commands.retry = "privirun rollout retry 3x7v0n5k2p8q --failed"
    commands.doubts = "privirun runs --rollout 3x7v0n5k2p8q --outcome in-doubt"
    commands.plan = "privirun rollout plan rollouts/onboard.yaml"
    commands.history = "privirun schedule history onboard"
    return commands
  }

  static func notifier(
    _ routes: [NoticeRoute] = [NoticeRoute(post, topics: everything)],
    schedule: NotifiedSchedule? = nil, headStart: Duration = .zero
  ) -> RolloutNotifier {
    RolloutNotifier(
      of: NotifiedRollout(start()), routes: routes, schedule: schedule, commands: commands,
      headStart: headStart)
  }

  static func event(_ kind: RolloutEvent, number: Int = 7) -> RunEvent {
    RunEvent(sequence: number, at: moment, kind: .rollout(kind))
  }

  static func finished(
    _ outcome: Outcome, _ counts: [TenantState: Int], stop: RolloutStop? = nil
  ) -> RunEvent {
    event(.finished(RolloutResult(outcome: outcome, counts: Self.counts(counts), stop: stop)))
  }

  static func counts(_ numbers: [TenantState: Int]) -> TenantCounts {
    numbers.reduce(into: TenantCounts()) { $0[$1.key] = $1.value }
  }

  static func form(of notice: StoredNotice?) -> NotificationForm? {
    notice.flatMap { NotificationForm($0.form) }
  }

  /// A notification that was recorded at `moment`.
  static func notice(
    to destination: NoticeDestination = post, _ topic: NotifyTarget.Topic = .failed,
    id: RunID = id
  ) -> StoredNotice {
    let notification = Notification(topic, at: moment, about: NotifiedRollout(start()))
    let form = NotificationForm(notification, id: id, to: destination)
    return StoredNotice(id: id, form: form.bytes, due: moment)
  }
}
