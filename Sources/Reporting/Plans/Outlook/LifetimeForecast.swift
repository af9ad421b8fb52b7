import Diagnostics
import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// What may run out before a run that follows a plan uses it.
///
///     let votes = VoteForecast(of: outlook, knowing: facts, within: limits)
///     report.lifetimes = LifetimeForecast(of: outlook, votes, within: limits).warnings
package struct LifetimeForecast: Sendable, Hashable {
  /// The warnings, in the order of the steps that use what may have run out.
  package let warnings: [LifetimeWarning]

  /// What may run out between the steps of `outlook`, also because of `votes`.
  package init(of outlook: PlanOutlook, _ votes: VoteForecast, within limits: StepLimits) {
    let timeline = Timeline(of: outlook, waits: votes.waits, within: limits)
    let found =
      Self.things(timeline) + Self.tokens(timeline, since: outlook.startedAt)
    warnings = found.map { warning in
      LifetimeWarning(step: warning.step, text: warning.text + warning.others)
    }
  }

  /// A warning, and how many rounds have the same.
  private struct Found {
    let step: StepPath
    let text: String
    var count = 1

    var others: String {
      count > 1 ? "; the same in \(count - 1) other \(count == 2 ? "round" : "rounds")" : ""
    }
  }

  /// What steps give, and others must use in time.
  private static func things(_ timeline: Timeline) -> [Found] {
    guard timeline.steps.contains(where: { $0.step.operations.contains { $0.lives != nil } }) else {
      return []
    }
    let sources = DataSources(timeline.steps.map(\.step))
    var warned: Set<Int> = []
    var found: OrderedDictionary<[SourceLocation], Found> = [:]
    for (step, place) in timeline.steps where step.fate != .never {
      for origin in sources.origins(of: step) where !warned.contains(origin) {
        let (giver, giverPlace) = timeline.steps[origin]
        guard let lifetime = giver.lifetime(until: step) else { continue }
        let delay = timeline.between(giverPlace, place) + timeline.delay(of: step)
        guard delay.exceeds(lifetime) else { continue }
        warned.insert(origin)
        let text =
          "what it gives lives \(ElapsedText.limit(lifetime)); until `\(step.path)` is done, "
          + delay.phrase
        found[
          [giver.step.location, step.step.location],
          default: Found(
            step: giver.path, text: text, count: 0)
        ].count += 1
      }
    }
    return Array(found.values)
  }

  /// Tokens that sessions were given, and that nothing renews.
  private static func tokens(_ timeline: Timeline, since start: Moment?) -> [Found] {
    guard let start else { return [] }
    var found: OrderedDictionary<ForeseenSession, Found> = [:]
    for (step, place) in timeline.steps where step.fate != .never && found[step.session] == nil {
      guard step.sendsToken, let lifetime = step.session.lifetime(since: start) else { continue }
      let delay = timeline.before(place)
      guard delay.exceeds(lifetime) else { continue }
      found[step.session] = Found(
        step: step.path,
        text: "the access token of its session expires in \(ElapsedText.limit(lifetime)); "
          + "before that step, \(delay.phrase)")
    }
    return Array(found.values)
  }
}

extension ForeseenStep {
  /// How long what it gives lives, where `user` is one of those that must use it before.
  fileprivate func lifetime(until user: ForeseenStep) -> Duration? {
    guard fate != .never else { return nil }
    return operations.lazy.compactMap { operation in
      guard let lives = operation.lives,
        user.operations.contains(where: { lives.until.contains($0.id) })
      else { return nil }
      return lives.duration(in: self.arguments)
    }.first
  }

  fileprivate var sendsToken: Bool {
    switch step.kind {
    case .call: operations.contains { $0.authorization == .token }
    case .waitUntil(_, let read, _): read.operation.authorization == .token
    case .play, .forEach, .parallel, .block, .assert, .wait, .approve: false
    }
  }
}

extension ForeseenSession {
  /// How long its access token lives; nil where it is renewed, or that is not known.
  fileprivate func lifetime(since start: Moment) -> Duration? {
    guard case .application(_, false, let expiresAt) = self else { return nil }
    return TokenLifetime.read(expiresAt, since: start)
  }
}

/// From which steps the arguments of others come, directly or through further steps.
private struct DataSources {
  private let steps: [ForeseenStep]
  private let numbers: [String: Int]

  init(_ steps: [ForeseenStep]) {
    self.steps = steps
    numbers = Dictionary(
      steps.enumerated().map { ("\($1.path)", $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The numbers of the steps before `step` that it gets something from.
  func origins(of step: ForeseenStep) -> [Int] {
    var origins: OrderedSet<Int> = []
    var waiting = sources(of: step)
    while let next = waiting.popLast() {
      guard origins.append(next).inserted else { continue }
      waiting += sources(of: steps[next])
    }
    return Array(origins)
  }

  /// An unknown value names the step that will give it, and perhaps a field of that.
  private func sources(of step: ForeseenStep) -> [Int] {
    (Value.map(step.arguments).unknownParts?.sources ?? []).compactMap { source in
      numbers[source]
        ?? source.lastIndex(of: ".").flatMap { numbers[String(source[..<$0])] }
    }
  }
}
