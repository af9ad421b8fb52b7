import Expressions
import OrderedCollections

/// Whether a policy is about an event.
enum EventMatch: Sendable, Hashable {
  case certain
  /// The service does not show it, or it is known only in the run.
  case possible
  case none
}

extension VotingFacts {
  /// Whether `policy` is about `event`.
  func match(_ policy: Policy, _ event: String) -> EventMatch {
    guard let events = policy.events else { return .possible }
    var match = EventMatch.none
    for shown in events {
      switch self.match(shown, of: policy, event) {
      case .certain: return .certain
      case .possible: match = .possible
      case .none: break
      }
    }
    return match
  }

  /// Events are shown by their names, or by ids that the policy's template explains.
  private func match(_ shown: Value, of policy: Policy, _ event: String) -> EventMatch {
    guard let text = shown.plainText else { return .possible }
    if text == event { return .certain }
    let own = templates.filter { $0["id"]?.plainText == policy.template }
    let names = (own.isEmpty ? templates : own).flatMap { template in
      Self.names(of: text, in: template)
    }
    if names.contains(event) { return Set(names).count == 1 ? .certain : .possible }
    // A label says nothing of the name, and neither does an id that no template explains.
    return names.contains { $0.contains(".") } || text.contains(".") ? .none : .possible
  }

  private static func names(of id: String, in template: ValueMap) -> [String] {
    guard case .list(let events)? = template["events"] else { return [] }
    return events.compactMap(\.fields).filter { $0["id"]?.plainText == id }
      .compactMap { $0["name"]?.plainText }
  }
}

/// Who is asked, and for how long.
struct VoteRules: Sendable, Hashable {
  /// The rules of a vote.
  enum Basis: Sendable, Hashable {
    /// Those of the voting configuration that this id or name refers to.
    case configuration(Value)
    /// Those of the profile.
    case settings
    case unknown
  }

  /// How many are asked; nil where it is not known.
  var voterCount: Int?
  /// The names of those who are asked, as far as they are known.
  var voters: [String] = []
  /// The longest time that one attempt takes.
  var limit: Duration?
  /// How many attempts there are.
  var attempts: Int?
  /// How many must answer.
  var quorum: Int?

  init(_ basis: Basis, in facts: VotingFacts, except: [Value] = []) {
    let (limit, devices) = Self.rules(basis, in: facts)
    self.limit = limit
    attempts = facts.settings.attempts
    quorum = facts.settings.quorum
    guard let devices else { return }
    func isAsked(_ device: Value) -> Bool {
      !except.contains { $0.refers(to: device) }
        && (devices.isEmpty || devices.contains { $0.refers(to: device) })
    }
    if let authenticators = facts.authenticators {
      let asked = authenticators.filter { isAsked($0.device) }
      voterCount = asked.count
      voters = asked.compactMap(\.name)
    } else if !devices.isEmpty {
      voterCount = devices.filter(isAsked).count
    }
  }

  private static func rules(
    _ basis: Basis, in facts: VotingFacts
  ) -> (limit: Duration?, devices: [Value]?) {
    switch basis {
    case .unknown: return (nil, nil)
    case .settings: return (facts.settings.timeLimit, [])
    case .configuration(let reference):
      let known = facts.configurations.first {
        $0.id.refers(to: reference) || $0.name.refers(to: reference)
      }
      return (known?.timeLimit, known?.devices)
    }
  }

  /// The longest time that all its attempts take together.
  var worstWait: Duration? { limit.flatMap { limit in attempts.map { limit * $0 } } }

  /// The same as far as it is known: where the number of attempts is not, that of one.
  var knownWait: Duration? { limit.map { $0 * (attempts ?? 1) } }

  /// What a person should know of it.
  var remark: String? {
    if let impossibility { return impossibility }
    guard let limit, attempts == nil else { return nil }
    return "at most \(ElapsedText.limit(limit)) for each attempt"
  }

  /// Why it cannot pass, where that is known (protocol.md §14).
  private var impossibility: String? {
    guard let voterCount else { return nil }
    if voterCount == 0 { return "it cannot pass: there is nobody to ask" }
    guard let quorum, quorum > voterCount else { return nil }
    return "it cannot pass: \(quorum) must answer, and only \(voterCount) "
      + (voterCount == 1 ? "is asked" : "are asked")
  }
}
