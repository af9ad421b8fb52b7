import Events
import Expressions
import Operations
import OrderedCollections
import Playbooks

extension PlanOutlook {
  /// The sessions in which a step may have to wait for people, one for each profile, in the order of the
  /// steps; those of profiles that can be read.
  package var sessionsThatAsk: [ForeseenSession] {
    let steps = steps
    let closed = Set(steps.compactMap { changedProfile(of: $0) })
    var sessions: OrderedDictionary<ForeseenSession, ForeseenSession> = [:]
    for step in steps where step.fate != .never {
      guard step.operations.contains(where: { !$0.causes.isEmpty || $0.asks != nil }) else {
        continue
      }
      switch step.session {
      case .none, .unknown: break
      case .profile, .application:
        guard !closed.contains(step.owner), sessions[step.owner] == nil else { break }
        sessions[step.owner] = step.session
      }
    }
    return Array(sessions.values)
  }

  /// What is known of the profiles that the plan makes: they have nothing yet.
  package var factsOfNewProfiles: [ForeseenSession: VotingFacts] {
    var facts: [ForeseenSession: VotingFacts] = [:]
    for step in steps where step.operation?.effect == .create {
      if let profile = changedProfile(of: step) { facts[profile] = VotingFacts.none }
    }
    return facts
  }

  /// The profile that the step makes, or sets the password of, so that nothing can be read in its session.
  private func changedProfile(of step: ForeseenStep) -> ForeseenSession? {
    guard step.fate != .never, let lookup = step.operation?.lookup,
      lookup.operation == api.roles.authenticate
    else { return nil }
    let own = lookup.identity.first { $0.value == "username" }?.key
    guard let username = own.flatMap({ step.arguments[$0]?.text }) else { return step.owner }
    return ForeseenSession.profile(username: username, password: Secret("")).owner
  }
}
