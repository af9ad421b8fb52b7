/// How long a service asks to wait: `Retry-After` (RFC 9110 §10.2.3).
enum RetryAfter {
  /// The longest wait that is believed, in seconds: a day.
  private static let longest = 86_400

  /// Seconds, or a date relative to the response's own `Date`, whatever the clock here says.
  ///
  /// Nil when there is none that can be understood.
  static func read(_ response: APIResponse) -> Duration? {
    guard let text = response.header("Retry-After")?.trimmed, !text.isEmpty else { return nil }
    if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      return .seconds(min(Int(text) ?? longest, longest))
    }
    guard let until = HTTPDate(text), let now = response.header("Date").flatMap(HTTPDate.init)
    else { return nil }
    return .seconds(min(max(0, until.seconds - now.seconds), longest))
  }
}
