package import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Which votes a run that follows a plan would wait for.
///
///     let forecast = VoteForecast(of: outlook, knowing: facts, within: limits)
///     report.votes = forecast.votes
package struct VoteForecast: Sendable, Hashable {
  /// The votes, in the order of the steps that first wait for them.
  package private(set) var votes: [PlannedVote] = []
  /// How long each gated step may wait for its votes, one after another, as far as it is known.
  package private(set) var waits: [StepPath: Duration] = [:]

  private let outlook: PlanOutlook
  private let limits: StepLimits
  private var facts: [ForeseenSession: VotingFacts]
  private var names: [Value: String] = [:]
  /// Where each vote stands in `votes`, by itself without its steps.
  private var places: [PlannedVote: Int] = [:]

  /// The votes of the steps of `outlook`.
  ///
  /// `facts` are what was read before, by the owners of its sessions; of others nothing is known.
  package init(
    of outlook: PlanOutlook, knowing facts: [ForeseenSession: VotingFacts] = [:],
    within limits: StepLimits
  ) {
    self.outlook = outlook
    self.facts = facts
    self.limits = limits
    for step in outlook.steps { foresee(step) }
  }

  private mutating func foresee(_ step: ForeseenStep) {
    noteName(of: step)
    if step.fate != .never {
      for event in step.operations.flatMap(\.causes) { gate(step, on: event) }
      for operation in step.operations {
        if let asks = operation.asks { ask(step, operation, asks) }
      }
    }
    facts[step.owner, default: .unknown].apply(step, naming: names)
  }

  /// Notes what a device is called that the step makes or finds.
  private mutating func noteName(of step: ForeseenStep) {
    guard let device = step.value[field: VotingFacts.deviceField], device != .null,
      let name = step.record["name"]?.plainText
    else { return }
    names[device] = name
  }
}

/// Votes because of policies.
extension VoteForecast {
  private mutating func gate(_ step: ForeseenStep, on event: String) {
    let facts = facts[step.owner] ?? .unknown
    for policy in facts.policies where policy.state != .inactive {
      let match = facts.match(policy, event)
      guard match != .none else { continue }
      gate(step, on: event, by: policy, isSure: match == .certain && policy.state == .active, facts)
    }
    guard !facts.knowsPolicies else { return }
    add(PlannedVote(event: event, certainty: .possible), of: step)
  }

  private mutating func gate(
    _ step: ForeseenStep, on event: String, by policy: VotingFacts.Policy, isSure: Bool,
    _ facts: VotingFacts
  ) {
    let basis: VoteRules.Basis =
      switch policy.configuration {
      case nil: .unknown
      case .null?: .settings
      case let reference?: .configuration(reference)
      }
    // By its profile's settings a policy asks only where there is somebody to ask (protocol.md §15).
    let rules = VoteRules(basis, in: facts)
    guard basis != .settings || rules.voterCount != 0 else { return }
    let isCertain = isSure && step.fate == .certain && basis != .settings
    let vote = PlannedVote(
      event: event, policy: policy.name, certainty: isCertain ? .certain : .possible,
      voterCount: rules.voterCount, voters: rules.voters, worstWait: rules.worstWait,
      remark: rules.remark ?? impatience(of: step, rules))
    add(vote, of: step)
    if let wait = rules.knownWait { waits[step.path, default: .zero] += wait }
  }

  /// That the step does not wait as long as its vote may take.
  private func impatience(of step: ForeseenStep, _ rules: VoteRules) -> String? {
    let patience = step.step.modifiers.timeout?.constant ?? limits.attempt
    guard let wait = rules.worstWait, wait > patience else { return nil }
    return "the step gives up after \(ElapsedText.limit(patience)), its `timeout`"
  }
}

/// Votes that an operation asks for by itself.
extension VoteForecast {
  private mutating func ask(
    _ step: ForeseenStep, _ operation: Operation, _ asks: Operation.Asking
  ) {
    let facts = facts[step.asker] ?? .unknown
    let except: [Value] =
      switch asks.except.flatMap({ step.arguments[$0] }) {
      case .list(let devices)?: devices
      case _: []
      }
    let rules = VoteRules(
      .configuration(step.arguments[asks.configuration] ?? .null), in: facts, except: except)
    let vote = PlannedVote(
      event: operation.id, certainty: step.fate == .certain ? .certain : .possible,
      voterCount: rules.voterCount, voters: rules.voters, worstWait: rules.worstWait,
      remark: rules.remark)
    add(vote, of: step)
  }

  private mutating func add(_ vote: PlannedVote, of step: ForeseenStep) {
    if let place = places[vote] { return votes[place].steps.append(step.path) }
    places[vote] = votes.count
    votes.append(vote)
    votes[votes.count - 1].steps = [step.path]
  }
}

extension ForeseenStep {
  /// Whose policies hold what it sends.
  var owner: ForeseenSession { session.owner }

  /// Whose authenticators it asks: an access token of its own may be anybody's.
  fileprivate var asker: ForeseenSession {
    let given = operation?.fields.contains { name, field in
      field.place == .authorization && (arguments[name] ?? .null) != .null
    }
    return given ?? false ? .unknown : owner
  }
}

extension ForeseenSession {
  /// The same for all sessions of one profile, whatever password they log in with.
  package var owner: ForeseenSession {
    switch self {
    case .none, .unknown: .unknown
    case .profile(let username, _): .profile(username: username, password: Secret(""))
    case .application(let token, _, _):
      .application(accessToken: token, isRenewed: false, expiresAt: .null)
    }
  }
}
