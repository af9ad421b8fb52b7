import EventSamples
import Events
import Expressions
import Operations
import Telemetry
import Testing
import Tracing

/// Events of runs become spans and metrics.
@Suite struct RunTelemetryTests {
  @Test func `the sample run gives these spans`() throws {
    let collected = Collected()
    collected.telemetry.record(SampleRun.events, of: SampleRun.run)
    #expect(
      collected.lines == (try Snapshot.kept("sample-run.jsonl", insteadOf: collected.lines)))
  }

  @Test func `the sample run gives these metrics`() throws {
    let collected = Collected()
    collected.telemetry.record(SampleRun.events, of: SampleRun.run)
    let text = collected.counts.map { $0 + "\n" }.joined()
    #expect(text == (try Snapshot.kept("sample-run-metrics.txt", insteadOf: text)))
  }

  @Test func `no planted secret is in anything that is exported`() {
    let collected = Collected()
    collected.telemetry.record(SampleRun.events, of: SampleRun.run)
    let metrics = OTLPMetrics.body(
      collected.store.snapshot, from: collected.store.start, at: Story.beginning,
      of: OTLPResource([], version: "1"))
    let exported = collected.lines + metrics.line
    let found = PlantedSecrets.spellings.filter { exported.contains($0) }
    #expect(found == [])
  }

  @Test func `a secret in names of the playbook is masked`() {
    let secret = PlantedSecrets.password
    var start = RunStart(
      run: SampleRun.run, playbook: "play \(secret)", file: "a.yaml", planDigest: "",
      inputs: ["password": .secret(text: secret)], seed: 1, version: "1")
    start.environment = secret
    let path = Story.path("a-\(secret)")
    let collected = Collected()
    collected.telemetry.record(
      Story([
        .runStarted(start),
        .stepStarted(path, StepSummary(kind: .call, title: secret, subject: "x.\(secret)")),
        Story.request(path, "x.\(secret)"),
        .requestAnswered(path, RequestAnswer(attempt: 1, status: 200, body: .null)),
        .stepFinished(path, StepResult(outcome: .succeeded)),
        .runFinished(RunResult(outcome: .succeeded)),
      ]).events, of: SampleRun.run)
    #expect(collected.spans.count == 3)
    #expect(!collected.lines.contains(secret))
    #expect(!collected.counts.contains { $0.contains(secret) })
  }

  @Test func `every span lies within its parent, in one trace`() throws {
    let collected = Collected()
    collected.telemetry.record(SampleRun.events, of: SampleRun.run)
    let spans = Dictionary(
      collected.spans.map { ($0.identity.span, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(spans.count == collected.spans.count)
    for span in collected.spans {
      #expect(span.identity.trace == RunIdentity.trace(of: SampleRun.run))
      guard let parent = span.parent else { continue }
      let outer = try #require(spans[parent.span], "\(span.name)")
      #expect(outer.start <= span.start && span.end <= outer.end, "\(span.name)")
    }
  }

  @Test func `nothing is remembered of a run that is over`() {
    let collected = Collected()
    collected.telemetry.record(Array(SampleRun.events.prefix(10)), of: SampleRun.run)
    #expect(collected.telemetry.openCount == 1)
    collected.telemetry.leave(SampleRun.run)
    #expect(collected.telemetry.openCount == 0)
    #expect(collected.counts.contains("privirun.runs.active{} 0.0"))
  }

  @Test func `without a tracer metrics are counted all the same`() {
    let store = MetricStore(since: Story.beginning)
    let telemetry = RunTelemetry(TelemetryOutlets(tracer: nil, metrics: store))
    telemetry.record(SampleRun.events, of: SampleRun.run)
    let collected = Collected()
    collected.telemetry.record(SampleRun.events, of: SampleRun.run)
    #expect(store.snapshot == collected.store.snapshot)
  }

  @Test func `a trace that is not chosen is not exported`() {
    let collected = Collected(sampler: .off)
    collected.telemetry.record(SampleRun.events, of: SampleRun.run)
    #expect(collected.spans == [])
    #expect(!collected.counts.isEmpty)
  }

  @Test func `a run continues the trace of whoever started the process`() throws {
    let parent = try #require(
      TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
    let collected = Collected(continuing: parent)
    collected.telemetry.record(SampleRun.events, of: SampleRun.run)
    #expect(Set(collected.spans.map(\.identity.trace)) == [parent.identity.trace])
    let runs = collected.spans.filter { $0.name.hasPrefix("run ") }
    #expect(runs.first?.parent == parent.identity)
  }
}
