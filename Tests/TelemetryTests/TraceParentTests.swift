import Operations
import Telemetry
import Testing
import Tracing

/// Trace context between processes.
@Suite struct TraceParentTests {
  private static let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test func `a traceparent is read and written`() throws {
    let parent = try #require(TraceParent(Self.text, state: "vendor=1"))
    #expect("\(parent.identity.trace)" == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect("\(parent.identity.span)" == "00f067aa0ba902b7")
    #expect(parent.identity.isSampled && parent.identity.isRemote)
    #expect(
      parent.headers == [HTTPField("traceparent", Self.text), HTTPField("tracestate", "vendor=1")])
  }

  @Test(arguments: [
    "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-x1",
  ])
  func `anything else is none`(_ text: String) {
    #expect(TraceParent(text) == nil)
  }

  @Test func `a later version may say more`() throws {
    let text = "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-more"
    #expect(try #require(TraceParent(text)).text == Self.text)
  }

  @Test func `a state that cannot be sent is left out`() throws {
    #expect(try #require(TraceParent(Self.text, state: "a=1\r\nx: y")).state == nil)
    let long = String(repeating: "a", count: 513)
    #expect(try #require(TraceParent(Self.text, state: long)).state == nil)
  }

  @Test func `it comes in variables, too`() {
    #expect(TraceParent(environment: ["TRACEPARENT": Self.text])?.text == Self.text)
    #expect(TraceParent(environment: [:]) == nil)
  }

  @Test func `a variable that is none is reported, and not repeated`() {
    #expect(
      TraceParent.warning(about: ["TRACEPARENT": "secret"])
        == "TRACEPARENT is not a trace context such as "
        + "`00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`, and is ignored")
    for text in [nil, "", Self.text] {
      #expect(TraceParent.warning(about: text.map { ["TRACEPARENT": $0] } ?? [:]) == nil)
    }
  }

  @Test func `a tracer hands it on`() {
    let tracer = SpanTracer(sampler: .standard, random: { 5 }, ended: { _ in })
    var context = InstrumentationContext.topLevel
    tracer.extract(["traceparent": Self.text], into: &context, using: DictionaryCarrier())
    let span = tracer.startSpan(
      "request", context: context, ofKind: .client, at: DefaultTracerClock.now)
    var carrier: [String: String] = [:]
    tracer.inject(span.context, into: &carrier, using: DictionaryCarrier())
    #expect(
      carrier == ["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000005-01"])
  }
}

private struct DictionaryCarrier: Extractor, Injector {
  func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }

  func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
    carrier[key] = value
  }
}
