package import Expressions

/// How long a token that an answer hands out can be used (protocol.md §4: rely on `expiresAt` only).
package enum TokenLifetime {
  /// The time from the answer to its field `expiresAt`, or its field `expiresIn`, seconds.
  ///
  /// Nil when neither can be read or the time is over already. An expiry time is
  /// relative to the response's own `Date` where there is one, so that a wrong clock here does not
  /// matter, else to `now`.
  package static func read(
    _ fields: ValueMap, in response: APIResponse, at now: Moment
  ) -> Duration? {
    let date = response.header("Date").flatMap(HTTPDate.init)
    let start = date.map { Moment(seconds: Int64($0.seconds)) } ?? now
    if let lifetime = read(fields["expiresAt"] ?? .null, since: start) { return lifetime }
    guard case .int(let seconds)? = fields["expiresIn"]?.revealed, seconds > 0 else { return nil }
    return .seconds(seconds)
  }

  /// The time from `now` to `expiresAt`; nil when that cannot be read or is over already.
  package static func read(_ expiresAt: Value, since now: Moment) -> Duration? {
    guard let end = Moment(shownAs: expiresAt), end > now else { return nil }
    return end - now
  }
}

extension Moment {
  /// RFC 3339 text (`Z` and numeric offsets, protocol.md §1), or seconds since 1970; nil for anything
  /// else.
  init?(shownAs value: Value) {
    let moment: Moment? =
      switch value.revealed {
      case .string(let text):
        Timestamp(rfc3339: text).map(Moment.init) ?? Int64(text).map(Moment.init(seconds:))
      case .timestamp(let timestamp): Moment(timestamp)
      case .int(let seconds): Moment(seconds: seconds)
      case .null, .bool, .uint, .double, .bytes, .list, .map, .duration, .type, .secret, .unknown:
        nil
      }
    guard let moment else { return nil }
    self = moment
  }

  /// Whole seconds since 1970, clamped to the representable range.
  fileprivate init(seconds: Int64) {
    self = Moment(nanoseconds: 0) + .seconds(seconds)
  }

  fileprivate init(_ timestamp: Timestamp) {
    self = Moment(seconds: timestamp.seconds) + .nanoseconds(Int64(timestamp.nanoseconds))
  }
}
