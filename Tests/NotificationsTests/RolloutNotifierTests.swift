import EventSamples
import Events
import Notifications
import Operations
import Testing

/// Which notifications follow from what happens to a rollout.
@Suite struct RolloutNotifierTests {
  private typealias Topic = NotifyTarget.Topic

  private static func topics(
    of event: RunEvent, named: Set<NotifyTarget.Topic> = Sample.everything
  ) -> [NotifyTarget.Topic?] {
    Sample.notifier([NoticeRoute(Sample.post, topics: named)]).notices(of: event)
      .map { Sample.form(of: $0)?.topic }
  }

  @Test(
    arguments: [
      (Outcome.succeeded, [TenantState.succeeded: 20], nil, NotifyTarget.Topic.finished),
      (.unchanged, [.unchanged: 20], nil, .finished),
      (.failed, [.succeeded: 19, .failed: 1], nil, .failed),
      (.failed, [.succeeded: 10, .notStarted: 10], RolloutStop.gateShut(stage: 1), .failed),
      (.cancelled, [.succeeded: 10, .cancelled: 10], .cancelled, .failed),
      (.inDoubt, [.succeeded: 19, .inDoubt: 1], nil, .inDoubt),
      (.inDoubt, [.succeeded: 18, .inDoubt: 1, .waiting: 1], nil, .inDoubt),
      (.inDoubt, [.succeeded: 18, .failed: 1, .waiting: 1], nil, .failed),
      (.inDoubt, [.succeeded: 19, .waiting: 1], nil, .waiting),
      (.inDoubt, [.succeeded: 18, .waiting: 1, .notStarted: 1], .deadline, .failed),
      (.inDoubt, [.succeeded: 19, .running: 1], nil, .inDoubt),
      (.inDoubt, [.succeeded: 20], nil, .inDoubt),
    ] as [(Outcome, [TenantState: Int], RolloutStop?, NotifyTarget.Topic)])
  func `the end of a rollout has its most urgent topic`(
    _ outcome: Outcome, _ counts: [TenantState: Int], _ stop: RolloutStop?,
    _ topic: NotifyTarget.Topic
  ) {
    #expect(Self.topics(of: Sample.finished(outcome, counts, stop: stop)) == [topic])
  }

  @Test(
    arguments: [
      ([NotifyTarget.Topic.failed], [NotifyTarget.Topic.failed]), ([.waiting], [.waiting]),
      ([.failed, .waiting], [.failed]), ([.finished, .drift], []),
    ] as [([NotifyTarget.Topic], [NotifyTarget.Topic])])
  func `a target hears of the most urgent topic that it names`(
    _ named: [NotifyTarget.Topic], _ topics: [NotifyTarget.Topic]
  ) {
    let event = Sample.finished(.inDoubt, [.failed: 1, .inDoubt: 1, .waiting: 1])
    #expect(Self.topics(of: event, named: Set(named)) == topics)
  }

  @Test func `an approval is waited for`() throws {
    let notices = Sample.notifier().notices(of: Sample.event(.approvalRequested(stage: 2)))
    let expected = Notification(
      .waiting, at: Sample.moment, about: NotifiedRollout(Sample.start()),
      wait: .approval(stage: 2), commands: Sample.commands)
    let notice = try #require(notices.first)
    #expect(notices.count == 1)
    #expect(
      Sample.form(of: notice)
        == NotificationForm(expected, id: notice.id, to: Sample.post))
    #expect(notice.due == Sample.moment)
    #expect(notice.attempts == 0)
  }

  @Test func `the end of a rollout is notified of with its counts, stop and schedule`() throws {
    let tick = Tick(due: Sample.moment, .ran(SampleRollout.rollout), decidedAt: Sample.moment)
    let schedule = NotifiedSchedule("onboard", tick)
    let notices = Sample.notifier(schedule: schedule)
      .notices(of: Sample.finished(.failed, [.failed: 3], stop: .deadline))
    var rollout = NotifiedRollout(Sample.start())
    rollout.outcome = .failed
    rollout.counts = Sample.counts([.failed: 3])
    rollout.stop = .deadline
    let expected = Notification(
      .failed, at: Sample.moment, about: rollout, schedule: schedule, commands: Sample.commands)
    let notice = try #require(notices.first)
    #expect(
      Sample.form(of: notice) == NotificationForm(expected, id: notice.id, to: Sample.post))
  }

  @Test func `nothing else is notified of`() {
    let others = SampleRollout.events.filter { event in
      switch event.kind {
      case .rollout(.finished), .rollout(.approvalRequested): false
      case _: true
      }
    }
    #expect(others.count > 8)
    #expect((others + SampleRun.events).flatMap(Sample.notifier().notices(of:)) == [])
  }

  @Test func `each route has a notification of its own, with an id that never changes`() {
    let routes = [
      NoticeRoute(Sample.post, topics: Sample.everything),
      NoticeRoute(Sample.command, topics: [.failed]),
      NoticeRoute(.post("https://other.example.com", secret: nil), topics: [.finished]),
    ]
    let notifier = Sample.notifier(routes)
    let event = Sample.finished(.failed, [.failed: 1])
    let notices = notifier.notices(of: event)
    #expect(notices.map { Sample.form(of: $0)?.destination } == [Sample.post, Sample.command])
    #expect(notifier.notices(of: event) == notices)
    var later = event
    later.sequence += 1
    let ids = (notices + notifier.notices(of: later)).map(\.id)
    #expect(Set(ids).count == 4)
  }

  @Test func `a notification is left to the process that makes it for a while`() {
    let notices = Sample.notifier(headStart: .seconds(60))
      .notices(of: Sample.finished(.failed, [.failed: 1]))
    #expect(notices.map(\.due) == [Sample.moment + .seconds(60)])
  }

  @Test(
    arguments: [
      (Outcome.succeeded, true, [NotifyTarget.Topic.drift]), (.failed, true, [.drift]),
      (.failed, false, [.failed]), (.succeeded, false, [.finished]),
    ] as [(Outcome, Bool, [NotifyTarget.Topic])])
  func `a rollout without a record is notified of by what it found`(
    _ outcome: Outcome, _ hasDrift: Bool, _ topics: [NotifyTarget.Topic]
  ) {
    let drift = NotifiedDrift(tenants: 1, added: 0, changed: 1, removed: 0)
    let notices = Sample.notifier().notices(
      ofPlan: Sample.id, outcome, drift: hasDrift ? drift : nil, at: Sample.moment)
    #expect(notices.map { Sample.form(of: $0)?.topic } == topics)
    #expect(
      notices.allSatisfy {
        Sample.form(of: $0)?.body.contains("\"drift\":{\"tenants\":1") == hasDrift
      })
  }

  @Test func `no token of an address, and no reference, is in a body`() {
    let bodies = Sample.notifier().notices(of: Sample.finished(.failed, [.failed: 1]))
      .compactMap { Sample.form(of: $0)?.body }
    #expect(bodies.count == 1)
    #expect(!bodies.joined().contains(Sample.token))
    #expect(!bodies.joined().contains("HOOK_SECRET"))
  }
}
