/// How a step or a run ended.
package enum Outcome: String, Sendable, Hashable, CaseIterable {
  case succeeded
  /// It was already as asked.
  case unchanged
  /// Its `when` was false.
  case skipped
  /// It failed, and its `rescue` dealt with that, or `tolerate` names the reason.
  case tolerated
  case failed
  case cancelled
  /// It is unknown whether the service did it.
  case inDoubt = "in-doubt"

  /// Whether what follows may go on.
  package var allowsContinuation: Bool {
    switch self {
    case .succeeded, .unchanged, .skipped, .tolerated: true
    case .failed, .cancelled, .inDoubt: false
    }
  }
}
