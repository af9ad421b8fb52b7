import EventSamples
import Events
import Operations
import Serving
import Testing

@Suite struct ServiceMetricsTests {
  private static let start = Moment(nanoseconds: 1_796_014_800_000_000_000)

  private static func tick(_ verdict: TickVerdict, count: Int = 1) -> Tick {
    Tick(due: start, through: start, count: count, verdict, decidedAt: start)
  }

  private static func text(_ metrics: ServiceMetrics, _ process: ProcessUsage? = nil) -> String {
    String(decoding: metrics.values.text(process), as: UTF8.self)
  }

  /// The samples of the metric `name`, without its help and type.
  private static func samples(_ name: String, _ metrics: ServiceMetrics) -> [Substring] {
    text(metrics).split(separator: "\n").filter { $0.hasPrefix(name) }
  }

  private static let process = ProcessUsage(
    status: "4711 (a) b) S "
      + "1 4711 4711 0 -1 4194560 100 0 0 0 151 50 0 0 20 0 4 0 3025 1048576 256 0 0",
    system: "cpu 1 2\nbtime 1796000000\n",
    limits: "Limit  Soft Limit\nMax open files            1024                 4096       files\n",
    openFiles: 12, units: .init(ticks: 100, page: 4096))

  @Test func `all metrics have a place in the text, whatever was counted`() throws {
    let metrics = ServiceMetrics(version: "1.2.3")
    metrics.enter(.acting)
    metrics.setLease(.held)
    metrics.set(ScheduleGauges(next: Self.start, isInProgress: true), of: "nightly")
    metrics.set(ScheduleGauges(next: nil, isPaused: true), of: "a \"b\"\\c\nd é")
    metrics.decided(
      [Self.tick(.caughtUp(nil)), Self.tick(.missed, count: 2000), Self.tick(.ran(nil))],
      schedule: "nightly")
    metrics.started(
      "nightly", due: Self.start, at: Self.start + .milliseconds(250))
    metrics.started("nightly", due: Self.start, at: Self.start + .nanoseconds(2_000_000_500))
    metrics.started("nightly", due: Self.start, at: Self.start + .seconds(7200))
    var tenants = TenantCounts()
    tenants[.succeeded] = 5
    tenants[.failed] = 1
    metrics.ended("nightly", .failed, tenants, at: Self.start)
    metrics.ended("nightly", .unchanged, tenants, at: Self.start + .seconds(60))
    metrics.ended(nil, .inDoubt, TenantCounts(), at: Self.start)
    metrics.journalFailed()
    metrics.attempted(.delivered)
    metrics.attempted(.givenUp)
    metrics.setPendingNotices(3)
    var files = ServedCounts()
    (files.good, files.kept, files.bad) = (4, ["b.yaml", "c.yaml"], ["a.yaml"])
    metrics.setFiles(files)
    let text = Self.text(metrics, Self.process)
    #expect(try text == Snapshot.kept("metrics.txt", insteadOf: text))
  }

  @Test func `a schedule that is not served has no series, and counts in the totals`() {
    let metrics = ServiceMetrics(version: "1")
    metrics.decided([Self.tick(.missed)], schedule: "gone")
    metrics.started("gone", due: Self.start, at: Self.start)
    metrics.ended("gone", .succeeded, TenantCounts(), at: Self.start)
    #expect(Self.samples("privirun_schedule", metrics) == [])
    #expect(metrics.values.ticks == [.missed: 1])
    #expect(metrics.values.startDelay.count == 1)
    #expect(metrics.values.rollouts == [.succeeded: 1])
  }

  @Test func `the series of a schedule go with it`() {
    let metrics = ServiceMetrics(version: "1")
    metrics.set(ScheduleGauges(next: nil), of: "a")
    metrics.decided([Self.tick(.missed)], schedule: "a")
    metrics.set(ScheduleGauges(next: Self.start), of: "a")
    #expect(metrics.values.schedules["a"]?.ticks == [.missed: 1])
    metrics.set(nil, of: "a")
    #expect(metrics.values.schedules == [:])
    metrics.set(ScheduleGauges(next: nil), of: "a")
    #expect(metrics.values.schedules["a"] == ScheduleSeries(ScheduleGauges(next: nil)))
  }

  @Test func `who stands by shows no gauge of a schedule, and keeps its counts`() {
    let metrics = ServiceMetrics(version: "1")
    metrics.set(ScheduleGauges(next: Self.start, isInProgress: true), of: "a")
    metrics.decided([Self.tick(.missed)], schedule: "a")
    metrics.started("a", due: Self.start, at: Self.start)
    metrics.forgetGauges()
    let names = Self.samples("privirun_schedule", metrics).map { $0.prefix { $0 != "{" } }
    #expect(Set(names) == ["privirun_schedule_ticks_total"])
    #expect(
      Self.samples("privirun_rollouts_in_progress", metrics) == ["privirun_rollouts_in_progress 0"])
    metrics.set(ScheduleGauges(next: Self.start), of: "a")
    #expect(metrics.values.schedules["a"]?.ticks == [.missed: 1])
    #expect(Self.samples("privirun_schedule_next", metrics).count == 1)
  }

  @Test func `a start before its instant, after the clock was set back, is no negative delay`() {
    let metrics = ServiceMetrics(version: "1")
    metrics.started("a", due: Self.start, at: Self.start + .seconds(-5))
    #expect(metrics.values.startDelay.sum == .zero)
    #expect(metrics.values.startDelay.buckets.first == 1)
  }

  @Test(arguments: [
    TickVerdict.ran(nil), .caughtUp(nil), .triggered(nil, by: "anna"), .skippedOverlap(nil),
    .skippedWindow, .paused, .missed, .failedToStart(reason: "no key"),
  ])
  func `a verdict is counted under the word of listings`(_ verdict: TickVerdict) {
    #expect(CountedVerdict(verdict).rawValue == verdict.name)
  }

  @Test func `buckets count every delay up to their bound`() {
    var histogram = DelayHistogram()
    for delay in [Duration.zero, .milliseconds(100), .milliseconds(101), .seconds(3601)] {
      histogram.add(delay)
    }
    #expect(histogram.buckets == [2, 1] + Array(repeating: 0, count: 10))
    #expect(histogram.count == 4)
    #expect(histogram.sum == .milliseconds(3_601_201))
    #expect(DelayHistogram.bounds == DelayHistogram.bounds.sorted())
  }
}
