/// The requests to end a daemon, of which the first lets it drain and the second ends it immediately.
///
/// A supervisor may send one request twice: `timeout` signals a process and then its group.
package struct EndRequests: Sendable {
  /// What a request leads to.
  package enum Effect: Sendable, Hashable {
    /// The daemon drains.
    case drain
    /// The process exits immediately.
    case exit
    /// Nothing: it repeats the first request.
    case none
  }

  /// How long after the first request another one still repeats it.
  package static let repetition = Duration.seconds(1)

  private var first: Duration?

  /// No requests yet.
  package init() {}

  /// Receives a request at the time `uptime` of a clock that never jumps.
  package mutating func receive(at uptime: Duration) -> Effect {
    guard let first else {
      first = uptime
      return .drain
    }
    return uptime - first <= Self.repetition ? .none : .exit
  }
}
