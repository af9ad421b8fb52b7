import Events
import Expressions
import Operations

/// How far a vote has come, as a poll of it answered.
///
/// The answer's form is not fixed by the service, so fields are looked for and may be missing:
/// `ballots` as counts (`yes`, `no`, `sent`) or as a list of ballots, `expiresAt`, and which of how
/// many attempts it is.
struct VoteProgress: Sendable, Hashable {
  var yes: Int
  var no: Int
  var total: Int
  var closesAt: Moment?
  /// Which attempt this is, where there is more than one.
  var attempt: Int?
  var attempts: Int?

  /// Reads a poll's answer; nil when it mentions no ballots.
  init?(_ answer: Value) {
    guard case .map(let fields) = answer, let ballots = fields["ballots"] else { return nil }
    switch ballots {
    case .map(let counts):
      yes = Self.count(counts["yes"]) ?? 0
      no = Self.count(counts["no"]) ?? 0
      let pending = Self.count(counts["pending"]) ?? 0
      total = Self.count(counts["sent"]) ?? Self.count(counts["total"]) ?? yes + no + pending
    case .list(let votes):
      let words = votes.map(Self.word)
      yes = words.count { $0 == "yes" }
      no = words.count { $0 == "no" }
      total = votes.count
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      return nil
    }
    closesAt = fields["expiresAt"].flatMap(InstantReading.moment)
    guard let attempts = Self.count(fields["maximumAttempts"]), attempts > 1 else { return }
    self.attempts = attempts
    attempt = Self.count(fields["attempt"])
  }

  /// Such as `2 of 3 yes, 1 no, 41 s left` or `0 of 3 yes, attempt 2 of 3, 41 s left`.
  func text(at now: Moment) -> String {
    var parts = ["\(yes) of \(total) yes"]
    if no > 0 { parts.append("\(no) no") }
    if let attempt, let attempts { parts.append("attempt \(attempt) of \(attempts)") }
    if let closesAt {
      parts.append(closesAt > now ? "\(ElapsedText.left(closesAt - now)) left" : "time is up")
    }
    return parts.joined(separator: ", ")
  }

  /// A count within reason; nobody votes with more devices.
  private static func count(_ value: Value?) -> Int? {
    let number: Int? =
      switch value {
      case .int(let count): Int(count)
      case .uint(let count): Int(exactly: count)
      case .double(let count): Int(exactly: count)
      case nil, .null, .bool, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
        .unknown:
        nil
      }
    return number.flatMap { (0...1_000_000).contains($0) ? $0 : nil }
  }

  /// The vote of one ballot: a word, a truth value, or a map that holds one.
  private static func word(_ ballot: Value) -> String? {
    switch ballot {
    case .string(let word): word.lowercased()
    case .bool(let says): says ? "yes" : "no"
    case .map(let fields):
      ["vote", "answer", "decision"].lazy.compactMap { fields[$0] }.first.flatMap(word)
    case .null, .int, .uint, .double, .bytes, .list, .timestamp, .duration, .type, .secret,
      .unknown:
      nil
    }
  }
}
