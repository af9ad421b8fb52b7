/// Which traces are exported; all spans of a trace, or none.
package struct Sampler: Sendable, Hashable {
  /// What decides about a trace that nobody decided about before.
  package enum Rule: Sendable, Hashable {
    case always
    case never
    /// This share of all traces, 0 to 1, chosen by their ids.
    case ratio(Double)
  }

  /// What decides where there is no parent, or where it is not asked.
  package var rule: Rule
  /// Whether the span of another process that a trace continues decides.
  package var isParentBased: Bool

  /// A sampler that goes by `rule`.
  package init(_ rule: Rule, isParentBased: Bool) {
    self.rule = rule
    self.isParentBased = isParentBased
  }

  /// Every trace, unless the one that is continued is not exported.
  package static let standard = Sampler(.always, isParentBased: true)
  /// No trace.
  package static let off = Sampler(.never, isParentBased: false)

  /// Whether `trace` is exported.
  package func isSampled(_ trace: TraceID, below parent: SpanIdentity?) -> Bool {
    if isParentBased, let parent { return parent.isSampled }
    switch rule {
    case .always: return true
    case .never: return false
    case .ratio(let ratio):
      // 63 bits of the id, as other SDKs compare them, so that all decide alike.
      guard ratio < 1 else { return true }
      return Double(trace.low >> 1) < max(0, ratio) * 0x1p63
    }
  }
}
