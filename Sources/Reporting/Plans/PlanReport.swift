package import Events
import Operations
import Playbooks

/// What a playbook would do, as `privirun plan` reports it.
///
/// It is made from the events of a run of the machine in which only reads were sent:
///
///     let report = PlanReport(of: events)
///     print(report.text(TerminalStyle()))
package struct PlanReport: Sendable, Hashable {
  /// What was planned, and how.
  package struct Heading: Sendable, Hashable {
    /// The name of the playbook; nil without a first event.
    package var playbook: String?
    /// The path of the playbook's file, as it was given.
    package var file: String?
    /// The service whose state was read; nil where there is none.
    package var service: ServiceOrigins?
    /// The name of the environment that names the service; nil where none is used.
    package var environment: String?
    /// What people call the run by.
    package var labels: [RunLabel]
    /// Whether the service was read.
    package var reads: Reads
  }

  /// Whether the service was read.
  package enum Reads: Sendable, Hashable {
    case made
    /// Nothing was: with `--offline`.
    case omitted
  }

  /// How planning ended.
  package enum Ending: Sendable, Hashable {
    /// Every step was planned.
    case complete
    /// A step failed, so that what follows it was not planned; `at` is nil where it belongs to none.
    case failed(Failure, at: StepPath?)
    /// It was stopped; the phrase says how.
    case incomplete(String)
  }

  /// What was planned, and how.
  package private(set) var heading: Heading
  /// The outermost steps that have something to show.
  package let items: [PlannedItem]
  /// How many steps have which sign.
  package let counts: PlanCounts
  /// How planning ended.
  package let ending: Ending
  /// The votes that steps would wait for.
  package var votes: [PlannedVote]
  /// What may run out before it is used.
  package var lifetimes: [LifetimeWarning]
  /// The paths of the steps whose change a playbook with `undo-on` cannot take back.
  package private(set) var withoutUndo: [StepPath] = []
  /// The failure in full; empty where there is none.
  let explanation: [StyledLine]

  /// The report of the plan that `events` record.
  ///
  /// `isFinal` says of an operation or local action whether the change that a step makes with it cannot be
  /// undone; the operation is that of the step's `call`, also where another one corrects or removes.
  package init(
    of events: some Sequence<RunEvent>, reads: Reads = .made, votes: [PlannedVote] = [],
    lifetimes: [LifetimeWarning] = [],
    isFinal: (_ operation: String, _ change: StateChange.Kind) -> Bool = { _, _ in false }
  ) {
    self.init(
      of: RunTree(events), reads: reads, votes: votes, lifetimes: lifetimes, isFinal: isFinal)
  }

  /// The report of the plan whose events `tree` was made from; the tree must not be a brief one.
  package init(
    of tree: RunTree, reads: Reads = .made, votes: [PlannedVote] = [],
    lifetimes: [LifetimeWarning] = [],
    isFinal: (_ operation: String, _ change: StateChange.Kind) -> Bool = { _, _ in false }
  ) {
    let start = tree.overview.start
    heading = Heading(
      playbook: start?.playbook, file: start?.file, service: tree.overview.service,
      environment: start?.environment, labels: start?.labels ?? [], reads: reads)
    items = withoutActuallyEscaping(isFinal) { isFinal in
      PlannedItemMaker(tree: tree, isFinal: isFinal).items(tree.roots)
    }
    counts = items.reduce(into: PlanCounts()) { $0.add($1.counts) }
    ending = Ending(tree.overview)
    explanation = Self.explanation(of: ending, in: tree)
    self.votes = votes
    self.lifetimes = lifetimes
  }

  /// The same with the steps among `gaps` that may change something.
  package func noting(_ gaps: UndoGaps) -> PlanReport {
    var report = self
    report.withoutUndo = signed.filter { item in
      switch item.sign {
      case .create, .change, .remove, .unknown: gaps.contains(item.path)
      case .drift, .conflict, .unchanged, .skipped, .failed, nil: false
      }
    }.map(\.path)
    return report
  }

  /// The same plan of a run that people call by other labels.
  func labelled(_ labels: [RunLabel]) -> PlanReport {
    var report = self
    report.heading.labels = labels
    return report
  }

  /// Whether a run that follows the plan may change something: `+`, `~`, `-` or `?`.
  package var hasWork: Bool { counts.hasWork }

  /// Whether a run would fail at a step that could be planned: what it is about is not as asked, and cannot be
  /// corrected.
  package var hasConflicts: Bool { counts[.conflict] > 0 }

  /// Whether there is no complete plan.
  package var failed: Bool { ending != .complete }

  /// The steps whose effect cannot be undone.
  package var finals: [PlannedItem] { items.flatMap { $0.signed(where: \.isFinal) } }

  /// All steps that have a sign, in their order.
  package var signed: [PlannedItem] { items.flatMap(\.signed) }

  private static func explanation(of ending: Ending, in tree: RunTree) -> [StyledLine] {
    guard case .failed(let failure, let step) = ending else { return [] }
    let outcome = tree.overview.result?.outcome ?? .failed
    let lines = FailureExplanation(
      failure, at: step, outcome: outcome, in: tree, place: .history
    ).lines
    guard step == nil else { return lines }
    var headline = StyledLine("the plan", .strong)
    headline.append(" \(outcome.word) (\(failure.kind.rawValue)): ", outcome.role)
    headline.append(failure.message)
    return [headline] + lines.dropFirst()
  }
}

extension PlanReport.Ending {
  fileprivate init(_ overview: RunOverview) {
    if let message = overview.internalError {
      self = .incomplete("internal error: \(message)")
    } else if let result = overview.result {
      switch (result.outcome, result.failure) {
      case (.succeeded, _), (.unchanged, _), (.skipped, _), (.tolerated, _): self = .complete
      case (.failed, let failure?), (.inDoubt, let failure?):
        self = .failed(failure, at: result.failedStep)
      case (.failed, nil), (.inDoubt, nil), (.cancelled, _):
        self = .incomplete(result.outcome.word)
      }
    } else {
      self = .incomplete("it did not come to its end")
    }
  }
}

extension PlanReport.Ending {
  /// The word that JSON has for it.
  var word: String {
    switch self {
    case .complete: "complete"
    case .failed: "failed"
    case .incomplete: "incomplete"
    }
  }

  var failure: Failure? {
    if case .failed(let failure, _) = self { failure } else { nil }
  }

  /// The step that failed.
  var step: StepPath? {
    if case .failed(_, let step) = self { step } else { nil }
  }

  /// How planning was stopped.
  var cause: String? {
    if case .incomplete(let cause) = self { cause } else { nil }
  }
}
