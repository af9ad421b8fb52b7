package import Operations
import Randomness

/// Decides what befalls requests, messages and sockets, and counts it.
///
/// The same specification and seed, asked the same questions, make the same decisions. What is not
/// in the specification costs nothing and draws nothing.
package struct FaultSource: Sendable {
  /// Which faults are injected, and how often; it may change at any time.
  package var spec: FaultSpec
  /// The numbers of decisions that inject nothing whatever was drawn, counted from 1; with it a
  /// failing schedule is made shorter.
  package var skipped: Set<Int> = []
  /// When there are any, only the decisions of these numbers inject what was drawn.
  package var allowed: Set<Int>?
  /// How many decisions were made; the latest one has this number.
  package private(set) var decisionCount = 0
  /// How often each fault was injected.
  package private(set) var injected: [FaultKind: Int] = [:]
  /// The latest injections that have not been taken, oldest first.
  private var injections: [Injection] = []
  private var random: SplitMix

  /// A fault that was injected.
  package struct Injection: Sendable, Hashable {
    /// The number of the decision.
    package let decision: Int
    /// The fault.
    package let kind: FaultKind
  }

  /// The most injections that are kept for whoever takes them.
  private static let maximumInjections = 1000

  /// The faults of `spec`, whose occasions follow from `seed`.
  package init(_ spec: FaultSpec = FaultSpec(), seed: UInt64) {
    self.spec = spec
    random = SplitMix(seed: seed)
  }
}

/// Decisions.
extension FaultSource {
  /// What befalls a request; nothing ever does that is a control call of the sandbox.
  package mutating func fault(of request: APIRequest, at now: Moment) -> RequestFault? {
    guard !spec.isEmpty, !request.isControlCall, var drawn = draw(FaultKind.ofRequests) else {
      return nil
    }
    return switch drawn.kind {
    case .resetBefore: .reset(.before)
    case .resetAfter: .reset(.after)
    case .half: .half
    case .tooMany, .unavailable: .refusal(drawn.refusal(at: now))
    case .slow: .slow(drawn.duration)
    case .restart: .restart(drawn.instant(), downtime: drawn.duration)
    case .drop, .lose, .double, .reorder, .late, .pending, .expire, .lag: nil
    }
  }

  /// What befalls the opening of a socket.
  package mutating func faultOfOpening(at now: Moment) -> OpeningFault? {
    guard var drawn = draw(FaultKind.ofOpenings) else { return nil }
    return switch drawn.kind {
    case .resetBefore: .reset(.before)
    case .resetAfter: .reset(.after)
    case .tooMany, .unavailable: .refusal(drawn.refusal(at: now))
    case .slow: .slow(drawn.duration)
    case .half, .restart, .drop, .lose, .double, .reorder, .late, .pending, .expire, .lag: nil
    }
  }

  /// What befalls a message from a client, or what the socket answers to a join or leave.
  ///
  /// It is never lost, late or reordered (protocol.md §3): the socket breaks, or the server restarts.
  package mutating func faultOfSocketAnswer() -> MessageFault? {
    messageFault(FaultKind.ofSocketAnswers)
  }

  /// What befalls a message from a profile's queue; `canReorder` is false while another message of
  /// the socket waits for this one.
  package mutating func faultOfPublishedMessage(canReorder: Bool) -> MessageFault? {
    messageFault(FaultKind.ofMessages, without: canReorder ? nil : .reorder)
  }

  /// Whether the token that a request or a join shows has expired just now.
  package mutating func expiresToken() -> Bool { draw([.expire]) != nil }

  /// Whether a read shows the records of a lag ago.
  package mutating func lagsRead() -> Bool { draw([.lag]) != nil }

  /// How many frames announce a command as pending just before its end, 0 or 3 to 20.
  package mutating func pendingFrameCount() -> Int {
    guard var drawn = draw([.pending]) else { return 0 }
    return Int.random(in: 3...20, using: &drawn.random)
  }

  private mutating func messageFault(
    _ kinds: [FaultKind], without excluded: FaultKind? = nil
  ) -> MessageFault? {
    guard var drawn = draw(kinds, without: excluded) else { return nil }
    return switch drawn.kind {
    case .drop: .drop(drawn.instant())
    case .lose: .lose
    case .double: .double
    case .reorder: .reorder(within: drawn.duration)
    case .late: .late(drawn.duration)
    case .restart: .restart(drawn.instant(), downtime: drawn.duration)
    case .resetBefore, .resetAfter, .half, .tooMany, .unavailable, .slow, .pending, .expire, .lag:
      nil
    }
  }

  /// Decides which of the kinds is injected, if any: each on its own share of the occasions.
  private mutating func draw(_ kinds: [FaultKind], without excluded: FaultKind? = nil) -> Draw? {
    guard spec.includes(anyOf: kinds) else { return nil }
    decisionCount += 1
    var random = SplitMix(seed: self.random.next())
    var ticket = Int.random(in: 0..<FaultShare.whole, using: &random)
    for kind in kinds {
      guard let rule = spec[kind] else { continue }
      guard ticket >= rule.share.millionths else {
        guard kind != excluded, isAllowed(decisionCount) else { return nil }
        note(kind)
        return Draw(kind: kind, duration: rule.duration ?? .zero, random: random)
      }
      ticket -= rule.share.millionths
    }
    return nil
  }
}

/// What was injected.
extension FaultSource {
  /// The faults that were injected since this was last asked; of more than 1,000 some of the oldest
  /// are missing.
  package mutating func takeInjections() -> [Injection] {
    guard !injections.isEmpty else { return [] }
    defer { injections = [] }
    return injections
  }

  private func isAllowed(_ decision: Int) -> Bool {
    !skipped.contains(decision) && allowed?.contains(decision) ?? true
  }

  private mutating func note(_ kind: FaultKind) {
    injected[kind, default: 0] += 1
    if injections.count >= Self.maximumInjections {
      injections.removeFirst(Self.maximumInjections / 2)
    }
    injections.append(Injection(decision: decisionCount, kind: kind))
  }
}

/// A fault that is injected, and the random choices that are left.
private struct Draw {
  let kind: FaultKind
  let duration: Duration
  var random: SplitMix

  mutating func instant() -> FaultInstant {
    Bool.random(using: &random) ? .before : .after
  }

  /// 429 or 503, with `Retry-After` in either of its forms (RFC 9110 §10.2.3); 503 also without.
  mutating func refusal(at now: Moment) -> APIResponse {
    var response: APIResponse =
      kind == .tooMany ? .failure(429, "too many requests") : .failure(503, "unavailable")
    if kind == .unavailable, Bool.random(using: &random) { return response }
    let seconds = duration.roundedUpSeconds
    let value =
      Bool.random(using: &random)
      ? String(seconds) : (now + .nanoseconds(999_999_999) + .seconds(seconds)).httpDate
    response.headers.append(HTTPField("Retry-After", value))
    return response
  }
}

extension Duration {
  /// The seconds that are no less than it.
  fileprivate var roundedUpSeconds: Int64 {
    components.seconds + (components.attoseconds > 0 ? 1 : 0)
  }
}

extension APIRequest {
  /// Whether it is for the sandbox itself and no part of the service.
  var isControlCall: Bool { endpoint == .api && path.hasPrefix(Vault.controlPath) }
}

extension ServiceMessage {
  /// Whether it came from the profile's queue and is no answer of the socket.
  package var isPublished: Bool {
    switch self {
    case .commandStatus, .requestData, .streamReady: true
    case .joined, .joinRefused, .left, .ignored: false
    }
  }
}
