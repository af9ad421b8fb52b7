import Planning
import Playbooks

/// How long the steps that undo something may take, as far as they say so themselves.
extension [PlannedStep] {
  /// The sum of the times that the steps set, one after another; nil where only the run shows them.
  ///
  /// A call without a limit counts as nothing, unless it or a group around it `isRetried`.
  func ownTime(within settings: RunSettings, isRetried: Bool = false) -> Duration? {
    var sum = Duration.zero
    for step in self {
      guard let time = step.ownTime(within: settings, isRetried: isRetried) else { return nil }
      sum += time
    }
    return sum
  }
}

extension PlannedStep {
  /// Whatever is longer counts as this, a time that nobody waits for: a thousand years.
  private static var longestTime: Duration { .seconds(31_557_600_000) }

  /// The time of all attempts, of the pauses between them, and of the steps that follow them.
  fileprivate func ownTime(within settings: RunSettings, isRetried: Bool) -> Duration? {
    let aftermath = modifiers.rescue + modifiers.always
    guard let after = aftermath.ownTime(within: settings, isRetried: isRetried),
      let attempt = attemptTime(within: settings, isRetried: isRetried || modifiers.retry != nil)
    else { return nil }
    guard let retry = modifiers.retry else {
      let attempts = kind.isCall && attempt > .zero ? settings.steps.attempts : 1
      let pauses = Self.pauses(
        between: attempts, settings.steps.backoff, settings.sockets.maximumReconnectPause)
      return min(attempt * attempts + pauses + after, Self.longestTime)
    }
    guard let attempts = retry.attempts.constant, retry.backoff?.template == nil,
      retry.maximumBackoff?.template == nil
    else { return nil }
    let pauses = Self.pauses(between: attempts, retry.pauses.first, retry.pauses.longest)
    return min(attempt * attempts + pauses + after, Self.longestTime)
  }

  private func attemptTime(within settings: RunSettings, isRetried: Bool) -> Duration? {
    if let timeout = modifiers.timeout { return timeout.constant }
    switch kind {
    case .wait(let duration): return duration.constant
    case .waitUntil: return rules.defaultTimeout(within: settings) ?? .zero
    case .call: return isRetried ? rules.defaultTimeout(within: settings) ?? .zero : .zero
    case .forEach:
      return kind.steps.ownTime(within: settings, isRetried: isRetried) == .zero ? .zero : nil
    case .play, .parallel, .block:
      return kind.steps.ownTime(within: settings, isRetried: isRetried)
    case .assert, .approve: return .zero
    }
  }

  /// The pauses between so many attempts at their longest, each twice the one before.
  private static func pauses(
    between attempts: Int, _ first: Duration, _ longest: Duration
  ) -> Duration {
    (0..<max(attempts - 1, 0)).reduce(.zero) { sum, number in
      sum + Kernel.longestBackoff(first: first, longest: longest, repetition: number)
    }
  }
}
