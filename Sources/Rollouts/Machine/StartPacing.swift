import Operations

/// How fast tenants start: not while too many requests wait, and no faster than requests may leave, of which
/// each tenant needs one at least.
struct StartPacing: Sendable {
  /// With so much waiting no tenant starts.
  static let longestBacklog = Duration.seconds(2)
  /// After that time the backlog is looked at again.
  private static let backlogInterval = Duration.seconds(1)
  /// How long no tenant starts after the host did not begin one.
  static let holdAfterRefusal = Duration.seconds(2)

  private let interval: Duration
  private var nextStart = Moment(nanoseconds: .min)
  private var heldUntil = Moment(nanoseconds: .min)
  /// When the backlog is looked at again; nil where it is short.
  private var nextLook: Moment?

  /// At most `pace` tenants per second; nil for any number.
  init(pace: Double?) {
    interval = pace.map { .nanoseconds(Int64(1e9 / $0)) } ?? .zero
  }

  func mayStart(at now: Moment) -> Bool { nextLook == nil && next(after: now) <= now }

  /// When a tenant may start, or that is looked at again.
  func next(after now: Moment) -> Moment {
    guard let nextLook else { return max(nextStart, heldUntil) }
    return nextLook > now ? nextLook : now + Self.backlogInterval
  }

  mutating func started(at now: Moment) { nextStart = max(now, nextStart) + interval }

  mutating func note(backlog: Duration, at now: Moment) {
    guard backlog > Self.longestBacklog else {
      nextLook = nil
      return
    }
    // One that is to come stays, so that reports in between set no new timers.
    if nextLook.map({ $0 <= now }) ?? true { nextLook = now + Self.backlogInterval }
  }

  /// The host began none: it knows of failures that are not recorded yet.
  mutating func hold(from now: Moment) { heldUntil = now + Self.holdAfterRefusal }

  /// Something was recorded that the host may have known.
  mutating func endHold() { heldUntil = Moment(nanoseconds: .min) }
}
