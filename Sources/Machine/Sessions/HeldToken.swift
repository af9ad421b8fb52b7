import Expressions
import Operations

/// A token that can be presented, and how long.
struct HeldToken: Sendable {
  let value: Secret
  /// When it ends; nil when nobody said.
  private(set) var expiresAt: Moment?
  /// When it is renewed before its next use, so that it does not end on the way.
  private var renewsAt: Moment?

  /// A token that was handed out at `now` for `lifetime`; nil when that is not known.
  ///
  /// It is renewed `margin` before its end, and a fifth of its life before where that is less.
  init(_ value: Secret, lifetime: Duration?, at now: Moment, margin: Duration) {
    self.value = value
    guard let lifetime else { return }
    expiresAt = now + lifetime
    renewsAt = now + (lifetime - min(margin, lifetime / 5))
  }

  /// Whether it should be renewed before it is used again.
  func isDue(at now: Moment) -> Bool {
    renewsAt.map { $0 <= now } ?? false
  }

  /// Whether it can still be used, as far as anybody knows.
  func isAlive(at now: Moment) -> Bool {
    expiresAt.map { now < $0 } ?? true
  }

  /// The same after a renewal failed: the next try is half of what is left later.
  func postponed(at now: Moment) -> HeldToken {
    guard let expiresAt else { return self }
    var token = self
    token.renewsAt = now + max((expiresAt - now) / 2, .seconds(1))
    return token
  }
}
