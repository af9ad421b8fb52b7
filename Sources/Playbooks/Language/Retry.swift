package import Diagnostics

/// When and how often a failed step is tried again.
package struct Retry: Sendable, Hashable {
  /// Attempts altogether, 1 to 100.
  package var attempts: Setting<Int>
  /// The pause before the second attempt, 1 ms to 1 h, which doubles with each further one; nil for 1 s, or
  /// the longest pause where that is shorter.
  package var backoff: Setting<Duration>?
  /// The longest pause, 1 ms to 1 h; nil for 30 s, or the first pause where that is longer.
  package var maximumBackoff: Setting<Duration>?
  /// The classes of failure that are tried again, or nil for those that are always safe.
  package var on: Set<FailureClass>?
  /// The reasons of refusals that are tried again, whatever their class, as the author wrote them.
  package var namedRefusals: [Located<String>]
  /// The first key under `retry`, or its `{`.
  package var location: SourceLocation

  /// Up to `attempts` attempts; bounds are not checked.
  package init(
    attempts: Setting<Int>, backoff: Setting<Duration>? = nil,
    maximumBackoff: Setting<Duration>? = nil,
    on: Set<FailureClass>? = nil, refusals: [Located<String>] = [],
    location: SourceLocation
  ) {
    self.attempts = attempts
    self.backoff = backoff
    self.maximumBackoff = maximumBackoff
    self.on = on
    namedRefusals = refusals
    self.location = location
  }
}

extension Retry {
  /// How many attempts there can be altogether.
  package static let attemptBounds = 1...100

  /// The reasons of refusals that are tried again.
  package var refusals: Set<String> { Set(namedRefusals.map(\.value)) }

  private static let usualFirst = Duration.seconds(1)
  private static let usualLongest = Duration.seconds(30)

  /// The first pause and the longest, those that the author left out as documented; what is computed counts
  /// only once it is a constant.
  package var pauses: (first: Duration, longest: Duration) {
    let longest = maximumBackoff?.constant
    let first = backoff?.constant ?? min(Self.usualFirst, longest ?? Self.usualFirst)
    return (first, longest ?? max(Self.usualLongest, first))
  }
}

/// What kind of thing went wrong; `retry.on` names these.
package enum FailureClass: String, Sendable, Hashable, CaseIterable {
  /// No connection, or it broke.
  case network
  /// The time was up.
  case timeout
  /// HTTP 429.
  case throttled
  /// HTTP 5xx.
  case serverError = "server-error"
  /// HTTP 401 after one renewed authentication, or a refused login.
  case unauthorised
  /// The command was accepted and then refused (status 3). Tried again only where the reason is named
  /// (`Retry.refusals`), and by an ensured call that asks for it, since each attempt of that reads first.
  case rejected
  /// Any other HTTP 4xx: the request itself is wrong.
  case invalid
  /// An answer that cannot be understood.
  case malformed
  /// A condition under `expect`, `assert` or `until` did not hold, or could not be evaluated.
  case expectation
  /// A local action failed.
  case local
}
