import EventSamples
import Events
import Notifications
import Operations
import Testing

/// What receivers get, compared with examples that other programs check against the schema, too.
@Suite struct NotificationBodyTests {
  static let bodies: [(name: String, notification: Notification)] = {
    func made(
      _ topic: Notification.Topic, _ change: (inout Notification) -> Void
    ) -> Notification {
      var notification = Notification(
        topic, at: Sample.moment, about: NotifiedRollout(Sample.start()), commands: Sample.commands)
      change(&notification)
      return notification
    }
    let tick = Tick(
      due: Sample.moment, .caughtUp(SampleRollout.rollout),
      decidedAt: Sample.moment + .seconds(60))
    return [
      (
        "finished",
        made(.finished) {
          $0.rollout.outcome = .succeeded
          $0.rollout.counts = Sample.counts([.succeeded: 17, .unchanged: 3])
          $0.schedule = NotifiedSchedule("onboard", tick)
        }
      ),
      (
        "failed",
        made(.failed) {
          $0.rollout.outcome = .failed
          $0.rollout.counts = Sample.counts([.succeeded: 7, .failed: 3, .notStarted: 10])
          $0.rollout.stop = .failures(count: 3, limit: 3)
        }
      ),
      (
        "in-doubt",
        made(.inDoubt) {
          $0.rollout.outcome = .inDoubt
          $0.rollout.counts = Sample.counts([.succeeded: 19, .inDoubt: 1])
        }
      ),
      ("waiting", made(.waiting) { $0.wait = .approval(stage: 2) }),
      (
        "waiting-tenants",
        made(.waiting) {
          $0.rollout.outcome = .inDoubt
          $0.rollout.counts = Sample.counts([.succeeded: 19, .waiting: 1])
          $0.wait = .decisions(tenants: 1)
        }
      ),
      (
        "drift",
        made(.drift) {
          $0.rollout.id = nil
          $0.rollout.mode = .drift
          $0.rollout.outcome = .succeeded
          $0.drift = NotifiedDrift(tenants: 2, added: 1, changed: 3, removed: 0)
        }
      ),
      ("missed", missed(.missed, count: 5)),
      ("failed-to-start", missed(.failedToStart(reason: "the tenants file is gone"), count: 1)),
    ]
  }()

  private static func missed(_ verdict: TickVerdict, count: Int) -> Notification {
    let tick = Tick(
      due: Sample.moment, through: Sample.moment + .seconds(3600 * (count - 1)), count: count,
      verdict, decidedAt: Sample.moment + .seconds(86_400))
    return Notification(
      .missed, at: tick.decidedAt,
      about: NotifiedRollout(name: "onboard", file: "/srv/rollouts/onboard.yaml"),
      schedule: NotifiedSchedule("onboard", tick), commands: Sample.commands)
  }

  @Test(arguments: bodies)
  func `a body is the example`(name: String, notification: Notification) throws {
    let body = notification.body(id: Sample.id) + "\n"
    #expect(try body == Snapshot.kept("bodies/\(name).json", insteadOf: body))
  }

  @Test(arguments: bodies)
  func `a body is valid`(name: String, notification: Notification) throws {
    let schema = try SchemaCheck(named: "notification.schema.json")
    #expect(try schema.complaints(aboutDocument: notification.body(id: Sample.id)) == [])
  }

  @Test func `every topic has an example`() {
    #expect(Set(Self.bodies.map(\.notification.topic)) == Sample.everything)
  }

  @Test func `the schema refuses a member that it does not know`() throws {
    let schema = try SchemaCheck(named: "notification.schema.json")
    let body = Self.bodies[0].notification.body(id: Sample.id)
    #expect(
      try schema.complaints(aboutDocument: body.replacing("\"summary\"", with: "\"sumary\""))
        .sorted() == ["document: no summary", "document: sumary is too much"])
  }

  @Test(arguments: [
    ("waiting", Notification.Topic.waiting, "rollout `onboard` waits for a decision"),
    ("drift", .drift, "rollout `onboard` found drift"),
    ("missed", .missed, "rollout `onboard` was not started"),
    ("finished", .finished, "rollout `onboard` ended"),
  ])
  func `a summary does without what is not known`(
    _ name: String, _ topic: Notification.Topic, _ summary: String
  ) {
    let rollout = NotifiedRollout(name: "onboard", file: "onboard.yaml")
    #expect(Notification(topic, at: Sample.moment, about: rollout).summary == summary)
  }

  @Test func `a name with control characters stays on one line`() {
    let rollout = NotifiedRollout(name: "a\nb\u{1B}[31m", file: "x")
    let body = Notification(.failed, at: Sample.moment, about: rollout).body(id: Sample.id)
    #expect(body.contains("\"name\":\"a b [31m\""))
  }

  @Test func `long texts are cut`() {
    let rollout = NotifiedRollout(name: "a", file: String(repeating: "é", count: 100_000))
    let body = Notification(.failed, at: Sample.moment, about: rollout).body(id: Sample.id)
    #expect(body.utf8.count < 8000)
  }
}
