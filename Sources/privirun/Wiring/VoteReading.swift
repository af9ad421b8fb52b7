import Events
import Expressions
import Machine
import Planning
import Playbooks
import Reporting

/// Finds out which votes a run that follows a plan would wait for, and what may run out before it is used.
///
/// Whom policies ask, and for how long, is read where a step may have to ask: by further plans, which send reads
/// alone.
struct VoteReading {
  /// In so many sessions policies are read; of others nothing is known.
  private static let mostSessions = 20

  /// The plan that was made.
  let plan: Plan
  /// Makes another plan and returns its events; nil reads nothing.
  let read: ((Plan) async throws -> [RunEvent])?

  /// What a person should know besides the steps.
  struct Forecast: Sendable, Hashable {
    let votes: [PlannedVote]
    let lifetimes: [LifetimeWarning]
  }

  /// What follows from `events`, which record how the plan was made.
  func forecast(after events: [RunEvent]) async throws -> Forecast {
    let outlook = PlanOutlook(of: plan, after: events)
    let settings = RunSettings().steps
    let limits = StepLimits(
      attempt: settings.attemptTimeout, condition: settings.conditionTimeout)
    var facts = outlook.factsOfNewProfiles
    if canRead(after: events) {
      for session in outlook.sessionsThatAsk.prefix(Self.mostSessions) {
        facts[session.owner] = try await self.facts(in: session)
      }
    }
    let votes = VoteForecast(of: outlook, knowing: facts, within: limits)
    let lifetimes = LifetimeForecast(of: outlook, votes, within: limits)
    return Forecast(votes: votes.votes, lifetimes: lifetimes.warnings)
  }

  /// Whether further reads may be answered: a service that refused the login, or did not answer, is not asked
  /// again.
  private func canRead(after events: [RunEvent]) -> Bool {
    guard read != nil, case .runFinished(let result)? = events.last?.kind else { return false }
    switch result.failure?.kind {
    case .unauthorised?, .network?, .timeout?: return false
    case _: return true
    }
  }

  private func facts(in session: ForeseenSession) async throws -> VotingFacts {
    let secrets = plan.plainSecrets + Value.map(plan.inputs).secrets
    guard let read,
      let reads = VotingPlaybook.plan(in: session, api: plan.api, hiding: secrets),
      case .runFinished(let result)? = try await read(reads).last?.kind
    else { return .unknown }
    return VotingFacts(result.outputs)
  }
}
