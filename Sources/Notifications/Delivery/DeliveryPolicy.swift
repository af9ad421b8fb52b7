package import Operations

/// What the end of an attempt to deliver a notification means: a value that performs nothing.
///
/// The pause after the first attempt is 1 s, and it doubles with each further one up to 1 h; a random part
/// of up to a half is taken off, so that receivers that were down are not asked by all at once.
package struct DeliveryPolicy: Sendable, Hashable {
  /// The longest pause after the first attempt.
  package var firstPause: Duration = .seconds(1)
  /// The longest pause; a longer `Retry-After` is cut to it.
  package var longestPause: Duration = .seconds(3600)
  /// How long after it was recorded a notification is attempted again at the latest.
  package var lifetime: Duration = .seconds(24 * 3600)

  /// The policy of every notification.
  package init() {}

  /// What follows from `outcome` of the attempt with that number, from 1, which ended at `now`, about a
  /// notification of `recordedAt`.
  ///
  /// `random` is from 0 to 1, and decides how much is taken off the pause.
  package func verdict(
    on outcome: DeliveryOutcome, ofAttempt number: Int, recordedAt: Moment, at now: Moment,
    random: Double
  ) -> DeliveryVerdict {
    let requested: Duration
    switch outcome {
    case .accepted: return .delivered
    case .refused: return .givenUp
    case .failed(_, let retryAfter): requested = min(retryAfter ?? .zero, longestPause)
    }
    let next = now + max(pause(afterAttempt: number, random: random), requested)
    return next - recordedAt > lifetime ? .givenUp : .again(at: next)
  }

  /// The pause after the attempt with that number.
  func pause(afterAttempt number: Int, random: Double) -> Duration {
    let doublings = min(max(number - 1, 0), 40)
    let whole = min(firstPause * (1 << doublings), longestPause)
    return whole - whole * (min(max(random, 0), 1) / 2)
  }
}

/// How an attempt to deliver a notification ended.
package enum DeliveryOutcome: Sendable, Hashable {
  case accepted
  /// Another attempt would end in the same way; the reason is what follows the destination's name in a
  /// message.
  case refused(reason: String)
  /// Another attempt may end otherwise; the receiver may ask to wait so long.
  case failed(reason: String, retryAfter: Duration? = nil)

  /// What a response means.
  package init(_ response: APIResponse) {
    switch response.status {
    case 200..<300: self = .accepted
    case 408, 425, 429: self = .failed(response)
    case 400..<500: self = .refused(reason: Self.reason(response))
    case _: self = .failed(response)
    }
  }

  private static func failed(_ response: APIResponse) -> DeliveryOutcome {
    .failed(reason: reason(response), retryAfter: response.retryAfter)
  }

  /// Of the response only its status: everything else may repeat a token.
  private static func reason(_ response: APIResponse) -> String {
    let redirects = (300..<400).contains(response.status)
    return "responded with status \(response.status)"
      + (redirects ? ", and redirects are not followed" : "")
  }
}

/// What is done after an attempt to deliver a notification.
package enum DeliveryVerdict: Sendable, Hashable {
  case delivered
  /// It is attempted again, not before.
  case again(at: Moment)
  /// It is attempted no more.
  case givenUp
}
