import Events
import Tracing

/// What attributes and names of spans are made of.
enum SpanTexts {
  /// Those that have a value.
  static func facts(_ facts: SpanFacts) -> [(SpanKey, SpanFact)] {
    facts.compactMap { key, fact in fact.map { (key, $0) } }
  }

  /// The host and the port of an origin such as `https://api.example.com:443`.
  static func server(of origin: String?) -> (host: String, port: Int?)? {
    guard let origin, let separator = origin.firstRange(of: "://") else { return nil }
    let authority = origin[separator.upperBound...]
    guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
      return (String(authority), nil)
    }
    let host = authority[..<colon].filter { $0 != "[" && $0 != "]" }
    return (host, Int(authority[authority.index(after: colon)...]))
  }
}

extension SpanAttributes {
  mutating func set(_ key: SpanKey, _ fact: SpanFact?) {
    if let fact { set(key.rawValue, value: fact.attribute { $0 }) }
  }
}

extension Outcome {
  /// Whether a span that ends so failed; whoever cancels means it.
  var isError: Bool {
    switch self {
    case .failed, .inDoubt: true
    case .succeeded, .unchanged, .skipped, .tolerated, .cancelled: false
    }
  }
}

extension WaitReason {
  /// What a step waits for, without whom or what it is about.
  var word: String {
    switch self {
    case .session: "session"
    case .command: "command"
    case .data: "data"
    case .pause: "pause"
    case .condition: "condition"
    case .lookup: "lookup"
    case .step: "step"
    case .voteSlot: "vote-slot"
    }
  }
}

extension ApprovalDecision.Verdict {
  var isApproval: Bool {
    switch self {
    case .approved: true
    case .rejected: false
    }
  }
}
