import CoreMetrics
import Events
import Operations
import Telemetry
import Testing

/// Metrics, added up.
@Suite struct MetricStoreTests {
  private let store = MetricStore(since: Moment(nanoseconds: 5))

  private func value(_ name: String) -> [MetricValue] {
    store.snapshot.filter { $0.name == name }.flatMap(\.points).map(\.value)
  }

  @Test func `counters of one name and the same dimensions are one`() {
    Counter(label: "a", dimensions: [("x", "1"), ("y", "2")], factory: store).increment(by: 2)
    Counter(label: "a", dimensions: [("y", "2"), ("x", "1")], factory: store).increment()
    Counter(label: "a", dimensions: [("x", "2")], factory: store).increment()
    #expect(value("a") == [.count(3), .count(1)])
  }

  @Test func `meters and gauges keep the latest value`() {
    let meter = Meter(label: "m", factory: store)
    meter.set(5)
    meter.increment(by: 2.5)
    meter.decrement()
    #expect(value("m") == [.latest(6.5)])
  }

  @Test func `timers are histograms in seconds, each bucket up to its bound`() throws {
    let timer = Timer(label: RunMetric.requestDuration.rawValue, factory: store)
    for milliseconds in [5, 6, 1000, 60_000] { timer.recordMilliseconds(milliseconds) }
    guard case .distribution(let distribution)? = value(RunMetric.requestDuration.rawValue).first
    else {
      Issue.record("there is no histogram")
      return
    }
    #expect(distribution.counts == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    #expect(distribution.count == 4)
    #expect(distribution.range == 0.005...60)
  }

  @Test func `series beyond the limit are added up in one`() {
    for number in 0..<MetricStore.seriesLimit + 500 {
      Counter(label: "many", dimensions: [("n", "\(number)")], factory: store).increment()
    }
    let points = store.snapshot.flatMap(\.points)
    #expect(points.count == MetricStore.seriesLimit)
    let rest = points.first { $0.dimensions == [MetricStore.overflow] }
    #expect(rest?.value == .count(501))
  }

  @Test func `they are exported cumulative, integers as strings`() {
    Counter(label: "privirun.runs.started", dimensions: [("p", "x")], factory: store).increment()
    Meter(label: "privirun.runs.active", factory: store).set(2)
    let body = OTLPMetrics.body(
      store.snapshot, from: store.start, at: Moment(nanoseconds: 9),
      of: OTLPResource([.init("service.name", "s")], version: "1.0.0"))
    #expect(
      body.line == #"{"resourceMetrics":[{"resource":{"attributes":["#
        + #"{"key":"service.name","value":{"stringValue":"s"}},"#
        + #"{"key":"service.version","value":{"stringValue":"1.0.0"}},"#
        + #"{"key":"telemetry.sdk.language","value":{"stringValue":"swift"}},"#
        + #"{"key":"telemetry.sdk.name","value":{"stringValue":"privirun"}},"#
        + #"{"key":"telemetry.sdk.version","value":{"stringValue":"1.0.0"}}]},"#
        + #""scopeMetrics":[{"scope":{"name":"privirun","version":"1.0.0"},"metrics":["#
        + #"{"name":"privirun.runs.active","description":"Runs in progress in this process","#
        + #""unit":"{run}","gauge":{"dataPoints":[{"startTimeUnixNano":"5","timeUnixNano":"9","#
        + #""asDouble":2.0}]}},"#
        + #"{"name":"privirun.runs.started","description":"Runs that started","unit":"{run}","#
        + #""sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":["#
        + #"{"attributes":[{"key":"p","value":{"stringValue":"x"}}],"startTimeUnixNano":"5","#
        + #""timeUnixNano":"9","asInt":"1"}]}}]}]}]}"#)
  }
}
