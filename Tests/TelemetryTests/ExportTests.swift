import EventSamples
import Events
import Expressions
import Operations
import Synchronization
import Telemetry
import Testing

/// Batches are delivered to a receiver, whatever it does.
@Suite struct ExportTests {
  private static let run = SampleRun.run
  private static let ended = Story([
    .runStarted(
      RunStart(
        run: run, playbook: "p", file: "p.yaml", planDigest: "", inputs: [:], seed: 1,
        version: "1")),
    .runFinished(RunResult(outcome: .succeeded)),
  ]).events

  private func settings(_ kinds: Set<ExportedKind> = [.traces]) -> TelemetrySettings {
    var settings = TelemetrySettings()
    let headers = [HTTPField("api-key", "secret")]
    if kinds.contains(.traces) {
      settings.traces = .init(address: "http://r.example/v1/traces", headers: headers)
    }
    if kinds.contains(.metrics) {
      settings.metrics = .init(address: "http://r.example/v1/metrics", headers: headers)
    }
    return settings
  }

  /// Exports one run to a receiver that responds in this way, one response after another.
  private func export(
    _ settings: TelemetrySettings, to responses: [ExportResponse]
  ) async -> Receiver {
    let receiver = Receiver(responses)
    let exporter = TelemetryExporter(
      settings, version: "1.2.3", continuing: nil, randomID: { 1 },
      environment: receiver.environment)
    exporter.telemetry.record(Self.ended, of: Self.run)
    exporter.finish()
    await exporter.run()
    return receiver
  }

  private static func response(
    _ status: Int, _ headers: [HTTPField] = [], _ body: String = "{}"
  ) -> ExportResponse {
    var response = APIResponse(status: status, headers: headers)
    response.body = Array(body.utf8)
    return .response(response)
  }

  @Test func `what is left at the end is exported with its headers`() async {
    let receiver = await export(settings([.traces, .metrics]), to: [Self.response(200)])
    let posts = receiver.posts.sorted { $0.address < $1.address }
    #expect(
      posts.map(\.address) == ["http://r.example/v1/metrics", "http://r.example/v1/traces"])
    let headers = [HTTPField("Content-Type", "application/json"), HTTPField("api-key", "secret")]
    #expect(posts.map(\.headers) == [headers, headers])
    let bodies = posts.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(bodies[0].hasPrefix(#"{"resourceMetrics":[{"resource":"#))
    #expect(bodies[1].contains(#""name":"run p","kind":1"#))
    #expect(Set(receiver.reports) == [.exported(.traces), .exported(.metrics)])
  }

  @Test func `a receiver that is busy is asked again, after the pause that it wants`() async {
    let receiver = await export(
      settings(),
      to: [
        Self.response(503, [HTTPField("Retry-After", "7")]), .failure("no route"),
        Self.response(429), Self.response(200),
      ])
    #expect(receiver.posts.count == 4)
    #expect(receiver.pauses == [.seconds(7), .seconds(2), .seconds(4)])
    #expect(receiver.reports == [.exported(.traces)])
  }

  @Test func `a receiver that refuses is not asked again`() async {
    let receiver = await export(settings(), to: [Self.response(401)])
    #expect(receiver.posts.count == 1)
    #expect(receiver.reports == [.failed(.traces, reason: "the receiver responded with HTTP 401")])
  }

  @Test func `a receiver that is gone is given up`() async {
    let receiver = await export(settings(), to: [.failure("connection refused")])
    #expect(receiver.posts.count == 5)
    #expect(receiver.reports == [.failed(.traces, reason: "connection refused")])
  }

  @Test(arguments: [
    (#"{"partialSuccess":{}}"#, ExportReport.exported(.traces)),
    (#"no JSON"#, .exported(.traces)),
    (
      #"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too\u001b[31m old"}}"#,
      .partial(.traces, rejected: 3, reason: "too [31m old")
    ),
    (
      #"{"partialSuccess":{"rejectedSpans":2}}"#, .partial(.traces, rejected: 2, reason: nil)
    ),
  ])
  func `a response says what was taken`(_ body: String, _ report: ExportReport) async {
    let receiver = await export(settings(), to: [Self.response(200, [], body)])
    #expect(receiver.reports == [report])
  }

  @Test func `spans that are too many are dropped and counted, once`() async {
    var settings = settings()
    settings.batching.queueLimit = 2
    settings.batching.batchLimit = 2
    let receiver = Receiver([Self.response(200)])
    let exporter = TelemetryExporter(
      settings, version: "1", continuing: nil, randomID: { 1 }, environment: receiver.environment)
    for number in 0..<5 {
      let run = SampleRun.drawn(UInt64(number))
      exporter.telemetry.record(Self.ended, of: run)
    }
    exporter.finish()
    await exporter.run()
    #expect(receiver.posts.count == 1)
    #expect(receiver.reports == [.exported(.traces), .dropped(3)])
  }

  @Test func `batches hold no more than they may, in order`() {
    var limits = TelemetrySettings.Batching()
    limits.queueLimit = 5
    limits.batchLimit = 2
    let collected = Collected()
    for number in 0..<6 {
      collected.telemetry.record(Self.ended, of: SampleRun.drawn(UInt64(number)))
    }
    let queue = SpanQueue(limits)
    for span in collected.spans { queue.add(span) }
    let batches = (0..<4).map { _ in queue.take() }
    #expect(batches.map(\.count) == [2, 2, 1, 0])
    #expect(batches.flatMap { $0 } == Array(collected.spans.prefix(5)))
    #expect(queue.takeDropped() == 1)
    #expect(queue.takeDropped() == 0)
  }

  @Test func `a receiver that never responds is left when the task is cancelled`() async {
    let receiver = Receiver([])
    let exporter = TelemetryExporter(
      settings([.traces, .metrics]), version: "1", continuing: nil, randomID: { 1 },
      environment: receiver.environment)
    exporter.telemetry.record(Self.ended, of: Self.run)
    exporter.finish()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await exporter.run() }
      await receiver.firstPost()
      group.cancelAll()
    }
    #expect(receiver.posts.count >= 1)
  }
}

/// A receiver that responds in this way, with the last response again and again; without one it never does.
private final class Receiver: Sendable {
  private struct State: Sendable {
    var responses: [ExportResponse]
    var posts: [ExportPost] = []
    var pauses: [Duration] = []
    var reports: [ExportReport] = []
  }

  private let state: Mutex<State>
  private let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation

  init(_ responses: [ExportResponse]) {
    state = Mutex(State(responses: responses))
    (arrivals, arrival) = AsyncStream.makeStream()
  }

  var posts: [ExportPost] { state.withLock { $0.posts } }
  var pauses: [Duration] { state.withLock { $0.pauses } }
  var reports: [ExportReport] { state.withLock { $0.reports } }

  func firstPost() async {
    for await _ in arrivals { return }
  }

  /// Pauses are over at once, and timers never: what is exported is so because the end came.
  var environment: ExportEnvironment {
    ExportEnvironment(
      post: { post in await self.respond(to: post) },
      now: { Story.beginning + .seconds(60) },
      sleep: { duration in
        if [.seconds(5), .seconds(60)].contains(duration) { try await Self.forever() }
        self.state.withLock { $0.pauses.append(duration) }
      },
      jitter: { 1 },
      report: { report in self.state.withLock { $0.reports.append(report) } })
  }

  private func respond(to post: ExportPost) async -> ExportResponse {
    let response: ExportResponse? = state.withLock { state in
      state.posts.append(post)
      return state.responses.count > 1 ? state.responses.removeFirst() : state.responses.first
    }
    arrival.yield()
    if let response { return response }
    try? await Self.forever()
    return .failure("it was given up")
  }

  private static func forever() async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    for await _ in stream {}
    withExtendedLifetime(continuation) {}
    try Task.checkCancellation()
  }
}
