import EventSamples
import Events
import Expressions
import Notifications
import Operations
import Testing

/// Which notifications follow from what is decided about due instants.
@Suite struct TickNotifierTests {
  private static let state: ScheduleState = {
    var state = ScheduleState(
      name: "onboard", definition: "", file: "/srv/onboard.yaml", firstSeen: Sample.moment)
    state.version = 4
    return state
  }()
  private static let decidedAt = Sample.moment + .seconds(86_400)

  private static func tick(_ hour: Int, _ verdict: TickVerdict) -> Tick {
    Tick(due: Sample.moment + .seconds(hour * 3600), verdict, decidedAt: decidedAt)
  }

  private static func notices(
    _ ticks: [Tick], topics: Set<NotifyTarget.Topic> = Sample.everything,
    hiding scrubber: SecretScrubber = SecretScrubber()
  ) -> [StoredNotice] {
    TickNotifier.notices(
      for: ticks, of: state, routes: [NoticeRoute(Sample.post, topics: topics)],
      commands: Sample.commands, hiding: scrubber)
  }

  private static func form(_ tick: Tick, id: RunID) -> NotificationForm {
    NotificationForm(
      Notification(
        .missed, at: decidedAt, about: NotifiedRollout(name: "onboard", file: "/srv/onboard.yaml"),
        schedule: NotifiedSchedule("onboard", tick), commands: Sample.commands),
      id: id, to: Sample.post)
  }

  @Test(arguments: [
    TickVerdict.ran(nil), .caughtUp(nil), .triggered(nil, by: "ada"), .skippedOverlap(nil), .paused,
  ])
  func `what is as wanted is not notified of`(verdict: TickVerdict) {
    #expect(Self.notices([Self.tick(0, verdict)]) == [])
  }

  @Test(arguments: [
    TickVerdict.missed, .skippedWindow, .failedToStart(reason: "the tenants file is gone"),
  ])
  func `an instant without a rollout is missed`(verdict: TickVerdict) throws {
    let tick = Self.tick(0, verdict)
    let notice = try #require(Self.notices([tick]).first)
    #expect(Sample.form(of: notice) == Self.form(tick, id: notice.id))
    #expect(notice.due == Self.decidedAt)
    #expect(Self.notices([tick], topics: [.failed]) == [])
  }

  @Test func `instants with the same verdict are one notification`() throws {
    let earlier = Tick(
      due: Sample.moment, through: Sample.moment + .seconds(7200), count: 3, .missed,
      decidedAt: Self.decidedAt)
    let ticks = [
      earlier, Self.tick(3, .missed), Self.tick(4, .skippedWindow), Self.tick(5, .missed),
      Self.tick(6, .failedToStart(reason: "a")), Self.tick(7, .failedToStart(reason: "b")),
      Self.tick(8, .ran(nil)),
    ]
    let notices = Self.notices(ticks)
    let merged = [
      Tick(
        due: Sample.moment, through: Sample.moment + .seconds(5 * 3600), count: 5, .missed,
        decidedAt: Self.decidedAt), ticks[2], ticks[4], ticks[5],
    ]
    #expect(
      notices.map { Sample.form(of: $0) }
        == zip(merged, notices).map { Self.form($0, id: $1.id) })
    #expect(Set(notices.map(\.id)).count == 4)
    #expect(Self.notices(ticks) == notices)
  }

  @Test func `a reason is scrubbed, and on one line`() throws {
    let secret = PlantedSecrets.password
    let notice = try #require(
      Self.notices(
        [Self.tick(0, .failedToStart(reason: "no login with\n\(secret)"))],
        hiding: SecretScrubber([Secret(secret)])
      ).first)
    let body = try #require(Sample.form(of: notice)).body
    #expect(body.contains("\"reason\":\"no login with •••\""))
    #expect(!body.contains(secret))
  }
}
