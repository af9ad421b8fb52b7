import Events
import Journaling
import Operations
import Reporting
import Schedules
import Serving
import Testing

/// What the events of a daemon come to in its log, its metrics, its status, and for systemd.
@Suite struct DaemonReporterTests {
  private static let now = SampleDaemon.now
  private let daemon = SampleDaemon()
  private let written = WrittenLines()
  private let folder: ScratchFolder
  private let socket: NoticeSocket
  private let reporter: DaemonReporter

  init() throws {
    folder = try ScratchFolder()
    socket = try NoticeSocket(folder("notify"))
    reporter = DaemonReporter(
      log: written.logger(), metrics: daemon.metrics, status: daemon.status,
      notifier: ServiceNotifier(["NOTIFY_SOCKET": folder("notify")], process: 7),
      clock: DaemonClock(now: { Self.now }, uptime: { .seconds(100) }, sleep: { _ in }),
      journal: "a.sqlite")
  }

  private static func state(_ decidedThrough: Moment) -> ScheduleState {
    ScheduleState(name: "a", definition: "", file: "/a.yaml", firstSeen: decidedThrough)
  }

  @Test func `a reload is shown to systemd from its beginning to its end`() throws {
    reporter.observer(.entered(.acting))
    _ = socket.notices
    reporter.reloading()
    let notice = try #require(socket.notices.first)
    let time = try #require(
      notice.wholeMatch(of: #/RELOADING=1\nMONOTONIC_USEC=(\d+)/#).flatMap { Int64($0.1) })
    #expect(time > 0)
    reporter.reloaded()
    #expect(socket.notices == ["READY=1"])
  }

  @Test func `a reload is no end of the start, and none is shown once the daemon stops`() {
    reporter.reloading()
    reporter.reloaded()
    #expect(socket.notices == [])
    reporter.observer(.entered(.standingBy))
    #expect(socket.notices.last == "READY=1")
    reporter.reloading()
    reporter.observer(.entered(.draining))
    _ = socket.notices
    reporter.reloaded()
    reporter.reloading()
    #expect(socket.notices == [])
  }

  @Test func `the next start of a schedule has its jitter, also of an instant that has passed`()
    throws
  {
    var schedule = Schedule(every: .seconds(3600))
    schedule.jitter = .seconds(1800)
    let passed = try #require(schedule.next(after: Self.now + .seconds(-3600))?.at)
    let start = passed + schedule.delay(of: passed, for: "a")
    try #require(start > passed)
    let late = DaemonReporter(
      log: written.logger(), metrics: daemon.metrics, status: daemon.status,
      notifier: ServiceNotifier([:], process: 7),
      clock: DaemonClock(now: { start }, uptime: { .zero }, sleep: { _ in }))
    late.observer(.recorded(Self.state(passed + .seconds(-1)), schedule))
    #expect(daemon.metrics.values.schedules["a"]?.gauges?.next == start)
    late.observer(.recorded(Self.state(passed), schedule))
    let next = try #require(schedule.next(after: passed)?.at)
    #expect(
      daemon.metrics.values.schedules["a"]?.gauges?.next
        == next + schedule.delay(of: next, for: "a"))
    late.observer(.entered(.standingBy))
    #expect(daemon.metrics.values.schedules["a"]?.gauges == nil)
  }

  @Test func `the active daemon is named once by its process and its host`() {
    reporter.observer(.entered(.standingBy))
    let other = OwnerIdentity(process: 4711, host: "build-3", since: Self.now)
    for _ in 1...2 { reporter.observer(.acts(other)) }
    #expect(
      written.lines == [
        "<5>on standby: another daemon is active\n",
        "<6>active daemon host=build-3 process=4711\n",
      ])
  }

  @Test func `a ledger that cannot be used is logged once, and makes the daemon not ready`() {
    reporter.observer(.entered(.acting))
    let flawed = FlawedSchedule("a", .flawedLedger(schedule: "a", .alteredState))
    let before = written.lines.count
    for _ in 1...2 { reporter.observer(.unusable([flawed])) }
    let hint =
      "`privirun journal check --journal a.sqlite` shows what is intact, and `privirun schedule "
      + "forget a --journal a.sqlite` lets the "
    let reason = "the ledger of the schedule `a` is not intact: its state was altered"
    let line = """
      <3>nothing is decided about the schedule: its ledger cannot be used \
      hint="\(hint)schedule begin anew" reason="\(reason)" schedule=a

      """
    #expect(written.lines.dropFirst(before) == [line])
    let page = daemon.pages.answer("GET", "/readyz")
    #expect(page.status == 503)
    #expect(
      String(decoding: page.body, as: UTF8.self)
        .contains(#""problems":["the ledger of the schedule `a` cannot be used"]"#))
    reporter.observer(.unusable([]))
    #expect(daemon.pages.answer("GET", "/readyz").status == 200)
    let mended = "<5>the ledger of the schedule can be used again schedule=a\n"
    #expect(written.lines.last == mended)
    reporter.observer(.unusable([flawed]))
    reporter.observer(.entered(.standingBy))
    #expect(daemon.pages.answer("GET", "/readyz").status == 200)
    #expect(written.lines.count { $0 == mended } == 1)
  }

  @Test(arguments: [
    (TickVerdict.ran(nil), Schedule.Overlap.skip, "<6>"), (.paused, .skip, "<6>"),
    (.skippedOverlap(nil), .skip, "<6>"), (.skippedOverlap(nil), .queue, "<4>"),
    (.missed, .skip, "<4>"), (.skippedWindow, .skip, "<4>"),
    (.failedToStart(reason: "gone"), .skip, "<3>"),
  ])
  func `a due instant without a rollout stands out, unless its schedule asks for that`(
    verdict: TickVerdict, overlap: Schedule.Overlap, priority: String
  ) {
    let tick = Tick(due: Self.now, verdict, decidedAt: Self.now)
    reporter.observer(.decided(schedule: "a", [tick], overlap: overlap))
    #expect(written.lines.map { String($0.prefix(3)) } == [priority])
  }

  @Test func `what could not be started is an error once`() {
    let reason = "no such playbook"
    let tick = Tick(
      due: Self.now, .failedToStart(reason: reason, by: "ada"), decidedAt: Self.now)
    reporter.observer(.refused(schedule: "a", StartRefusal(reason, hint: "write one")))
    reporter.observer(.decided(schedule: "a", [tick], overlap: .skip))
    #expect(
      written.lines == [
        "<6>the rollout could not be started hint=\"write one\" reason=\"\(reason)\" schedule=a\n",
        "<3>due instant decided by=ada due=\(Self.now.text) reason=\"\(reason)\" schedule=a "
          + "verdict=failed-to-start\n",
      ])
  }

  @Test func `a warning is logged with its file`() {
    var scan = ServedScan()
    scan.warned = [ServedWarnings(path: "/a.yaml", ["3:1: odd"])]
    reporter.report(scan)
    #expect(
      written.lines == ["<4>a rollout file has a warning file=/a.yaml reason=\"3:1: odd\"\n"])
  }
}
