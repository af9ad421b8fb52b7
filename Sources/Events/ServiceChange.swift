/// Whether an address of the service answers.
package enum ServiceChange: Sendable, Hashable {
  /// Nothing has come from it for that long, and it is tried for at most `left` more.
  ///
  /// Posted after 3 s, and every 10 s from then on; the reason is that of the latest failure.
  case silent(duration: Duration, reason: String?, left: Duration?)
  /// It answers again.
  case answering
}
