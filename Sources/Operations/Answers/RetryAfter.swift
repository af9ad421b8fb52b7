import Expressions

/// How long a service asks to wait: `Retry-After` (RFC 9110 §10.2.3).
enum RetryAfter {
  /// The longest wait that is believed, in seconds: a day.
  private static let longest = 86_400

  /// Seconds, or a date compared with the response's own `Date`, or with the time it came.
  ///
  /// A fraction is rounded up, of several values the longest counts, and a date in the past is no
  /// wait. Nil when there is none that can be understood.
  static func read(_ response: APIResponse) -> Duration? {
    guard let text = response.header("Retry-After")?.trimmed, !text.isEmpty else { return nil }
    if let until = HTTPDate(text) {
      let received = response.receivedAt.map { Int($0.nanoseconds / 1_000_000_000) }
      guard let start = response.header("Date").flatMap(HTTPDate.init)?.seconds ?? received else {
        return nil
      }
      return .seconds(min(max(0, until.seconds - start), longest))
    }
    let values = text.split(separator: ",").map { seconds($0) }
    guard !values.isEmpty, !values.contains(nil) else { return nil }
    return values.compactMap(\.self).max().map { .seconds($0) }
  }

  /// A number of seconds without a sign, such as `2` or `1.5`.
  private static func seconds(_ text: Substring) -> Int? {
    let text = String(text).trimmed
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count),
      parts.allSatisfy({ part in
        !part.isEmpty
          && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      })
    else { return nil }
    let whole = min(Int(parts[0]) ?? longest, longest)
    let hasFraction = parts.count == 2 && parts[1].utf8.contains { $0 != UInt8(ascii: "0") }
    return min(hasFraction ? whole + 1 : whole, longest)
  }
}

extension APIResponse {
  /// How long the service asks to wait; nil when it does not ask, or cannot be understood.
  ///
  /// A date counts from the response's own `Date`, or from `receivedAt`.
  package var retryAfter: Duration? { RetryAfter.read(self) }
}
