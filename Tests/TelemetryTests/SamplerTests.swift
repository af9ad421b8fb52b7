import EventSamples
import Telemetry
import Testing

/// Which traces are exported.
@Suite struct SamplerTests {
  private static let traces = (0..<2000).map { RunIdentity.trace(of: SampleRun.drawn($0)) }

  private func parent(_ trace: TraceID, sampled: Bool) throws -> SpanIdentity {
    SpanIdentity(
      trace: trace, span: try #require(SpanID("00f067aa0ba902b7")), isSampled: sampled)
  }

  @Test func `a parent decides only where it is asked`() throws {
    let trace = Self.traces[0]
    let (yes, no) = (try parent(trace, sampled: true), try parent(trace, sampled: false))
    let never = Sampler(.never, isParentBased: true)
    #expect(never.isSampled(trace, below: yes))
    #expect(!never.isSampled(trace, below: nil))
    #expect(!Sampler.standard.isSampled(trace, below: no))
    #expect(Sampler(.always, isParentBased: false).isSampled(trace, below: no))
    #expect(!Sampler.off.isSampled(trace, below: yes))
  }

  @Test func `a ratio takes about its share, and a higher one more of the same`() {
    let counts = [0, 0.1, 0.5, 1].map { ratio in
      let sampler = Sampler(.ratio(ratio), isParentBased: false)
      return Self.traces.filter { sampler.isSampled($0, below: nil) }
    }
    #expect(counts[0].isEmpty)
    #expect((150...250).contains(counts[1].count))
    #expect((900...1100).contains(counts[2].count))
    #expect(counts[3] == Self.traces)
    #expect(Set(counts[1]).isSubset(of: counts[2]))
  }

  @Test func `ids follow from records and events`() {
    let (run, other) = (SampleRun.run, SampleRun.drawn(3))
    #expect("\(RunIdentity.trace(of: run))" == "\(RunIdentity.trace(of: run))")
    #expect(RunIdentity.trace(of: run) != RunIdentity.trace(of: other))
    let spans = [
      RunIdentity.span(of: run, from: 0), RunIdentity.span(of: run, from: 1),
      RunIdentity.span(of: run, from: 0, "a"), RunIdentity.span(of: other, from: 0),
    ]
    #expect(Set(spans).count == 4)
    #expect(TraceID("\(RunIdentity.trace(of: run))") == RunIdentity.trace(of: run))
    #expect(SpanID("\(spans[0])") == spans[0])
  }
}
