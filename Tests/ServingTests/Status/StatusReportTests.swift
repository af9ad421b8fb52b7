import Journaling
import Operations
import Serving
import Testing

@Suite struct StatusReportTests {
  private static let now = SampleDaemon.now
  private static let owner = OwnerIdentity(process: 4711, host: "build-3", since: now)
  private let daemon = SampleDaemon()

  private static func body(_ answer: StatusAnswer) -> String {
    String(decoding: answer.body, as: UTF8.self)
  }

  @Test func `a daemon that starts is healthy, and not ready`() {
    #expect(daemon.pages.answer("GET", "/healthz").status == 200)
    let answer = daemon.pages.answer("GET", "/readyz")
    #expect(answer.status == 503)
    #expect(answer.contentType == "application/json")
    #expect(
      Self.body(answer)
        == #"{"status":"not-ready","state":"starting","since":"2026-11-30T05:00:00.000000Z","#
        + #""files":{"good":0,"kept":0,"bad":0},"problems":["the daemon is starting"]}"# + "\n")
  }

  @Test func `a daemon that acts says who acts and how its files are`() {
    daemon.status.enter(.acting, at: Self.now + .seconds(1))
    daemon.status.setActing(Self.owner)
    var files = ServedCounts()
    files.good = 2
    files.kept = ["c.yaml"]
    daemon.status.setFiles(files)
    let answer = daemon.pages.answer("GET", "/readyz")
    #expect(answer.status == 200)
    #expect(
      Self.body(answer)
        == #"{"status":"ready","state":"acting","since":"2026-11-30T05:00:01.000000Z","#
        + #""acting":{"host":"build-3","process":4711,"since":"2026-11-30T05:00:00.000000Z"},"#
        + #""files":{"good":2,"kept":1,"bad":0},"#
        + #""problems":["`c.yaml` has an error; its last valid version is served"]}"# + "\n")
  }

  @Test(arguments: [
    (DaemonState.acting, [String](), 200), (.standingBy, [], 200), (.draining, [], 503),
    (.starting, [], 503), (.acting, ["a.yaml"], 503), (.standingBy, ["a.yaml"], 503),
  ])
  func `a daemon is ready when it acts or stands by, with no file that cannot be used`(
    _ state: DaemonState, _ bad: [String], _ code: Int
  ) {
    daemon.status.enter(state, at: Self.now)
    var files = ServedCounts()
    files.bad = bad
    daemon.status.setFiles(files)
    #expect(daemon.pages.answer("GET", "/readyz").status == code)
  }

  @Test(arguments: [
    (DaemonState.acting, 70, 200), (.acting, 69, 503), (.standingBy, 69, 503), (.draining, 69, 503),
    (.starting, 0, 200), (.acting, 101, 200),
  ])
  func `a daemon whose scheduler loop has not run for 30 s is not healthy`(
    _ state: DaemonState, _ turned: Int, _ code: Int
  ) {
    daemon.status.enter(state, at: Self.now)
    daemon.status.turned(at: .seconds(turned))
    #expect(daemon.pages.answer("GET", "/healthz").status == code)
  }

  @Test func `everything that is wrong is reported at once`() {
    daemon.status.enter(.acting, at: Self.now)
    daemon.status.turned(at: .seconds(60))
    daemon.status.commitFailed(at: Self.now + .seconds(9))
    daemon.status.commitFailed(at: Self.now + .seconds(10))
    let answer = daemon.pages.answer("GET", "/healthz")
    #expect(
      Self.body(answer)
        == #"{"status":"failing","state":"acting","since":"2026-11-30T05:00:00.000000Z","#
        + #""files":{"good":0,"kept":0,"bad":0},"#
        + #""problems":["the scheduler loop has not run for 40 s","#
        + #""commits to the journal have failed since 2026-11-30T05:00:09.000000Z"]}"#
        + "\n")
    daemon.status.committed()
    daemon.status.turned(at: .seconds(100))
    #expect(daemon.pages.answer("GET", "/healthz").status == 200)
  }

  @Test func `the state keeps its beginning while it stays`() {
    daemon.status.enter(.acting, at: Self.now + .seconds(1))
    daemon.status.enter(.acting, at: Self.now + .seconds(2))
    #expect(daemon.status.facts.since == Self.now + .seconds(1))
  }

  @Test func `many files with problems are named up to 20`() {
    var files = ServedCounts()
    files.bad = (1...15).map { "b\($0)" }
    files.kept = (1...15).map { "k\($0)" }
    daemon.status.setFiles(files)
    let problems = daemon.status.facts.readiness.problems
    #expect(problems.count == 22)
    #expect(problems.last == "and 10 more files")
  }

  @Test(arguments: [
    ("/metrics", 200), ("/metrics?a=b", 200), ("/metrics#x", 200), ("http://h:1/metrics", 200),
    ("http://h", 404), ("/metrics/", 404), ("/", 404), ("", 404), ("*", 404), ("//metrics", 404),
    ("/METRICS", 404), ("/a://h/metrics", 404),
  ])
  func `a page has one path`(_ target: String, _ code: Int) {
    #expect(daemon.pages.answer("GET", target).status == code)
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "get"])
  func `pages are only read`(_ method: String) {
    let answer = daemon.pages.answer(method, "/metrics")
    #expect(
      answer
        == StatusAnswer(
          405, "text/plain; charset=utf-8", Array("Pages are read with GET and HEAD.\n".utf8),
          allowed: "GET, HEAD"))
    #expect(daemon.pages.answer(method, "/else").status == 404)
  }
}
