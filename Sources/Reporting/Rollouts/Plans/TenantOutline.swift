import Events
import Expressions

/// What is kept of a tenant's plan without its steps; of many tenants, most have the same.
struct TenantOutline: Sendable, Hashable {
  /// How planning a tenant ended.
  enum Ending: String, Sendable, Hashable, CaseIterable {
    /// Every step was planned.
    case complete
    /// A step failed, so that what follows it was not planned.
    case failed
    /// Planning was stopped.
    case incomplete
    /// No run of the tenant could be started, so that nothing was planned.
    case refused
  }

  /// What the counts are of.
  enum Subject: Sendable, Hashable {
    /// Of what a run would do.
    case work
    /// Of what is not as the last successful run left it.
    case drift
  }

  let subject: Subject
  let ending: Ending
  /// The steps, or the things that the last successful run left.
  let counts: PlanCounts
  /// How many votes a run would wait for, the possible ones included.
  var votes = 0
  /// How many of them there may be, but need not.
  var possibleVotes = 0
  /// The longest time that the votes may take one after another; nil where it is not known.
  var wait: Duration? = .zero
  /// How many steps have an effect that cannot be undone.
  var finals = 0

  /// Nothing was planned.
  static func refused(_ subject: Subject) -> TenantOutline {
    TenantOutline(subject: subject, ending: .refused, counts: PlanCounts())
  }

  private init(subject: Subject, ending: Ending, counts: PlanCounts) {
    self.subject = subject
    self.ending = ending
    self.counts = counts
  }

  init(_ plan: PlanReport) {
    self.init(subject: .work, ending: Ending(plan.ending), counts: plan.counts)
    for vote in plan.votes {
      votes += vote.count
      if vote.certainty == .possible { possibleVotes += vote.count }
      if let known = wait { wait = vote.worstWait.map { known + $0 * vote.count } }
    }
    finals = plan.finals.count
  }

  init(_ drift: DriftReport) {
    self.init(subject: .drift, ending: Ending(drift.plan.ending), counts: drift.counts)
  }
}

extension TenantOutline.Ending {
  fileprivate init(_ ending: PlanReport.Ending) {
    self =
      switch ending {
      case .complete: .complete
      case .failed: .failed
      case .incomplete: .incomplete
      }
  }

  /// What is said of such tenants; nil for a complete plan.
  var words: String? {
    switch self {
    case .complete: nil
    case .failed: "failed"
    case .incomplete: "incomplete"
    case .refused: "cannot start"
    }
  }
}

extension TenantOutline {
  /// Whether a run may change something, or something drifted.
  var isNotable: Bool {
    switch subject {
    case .work: counts.hasWork
    case .drift: counts.hasDrift
    }
  }

  /// Whether a run would fail at a conflict.
  var hasConflicts: Bool { subject == .work && counts[.conflict] > 0 }

  /// Whether the last run left things, and none of them was compared.
  var comparedNothing: Bool {
    subject == .drift && !counts.hasDrift && counts[.unchanged] == 0 && counts[.unknown] > 0
  }

  /// What a person should know besides the counts.
  var remark: String? {
    if let words = ending.words { return words }
    if hasConflicts { return "a run fails" }
    return comparedNothing ? "nothing was compared" : nil
  }
}

/// Why a tenant has no complete plan.
enum TenantProblem: Sendable, Hashable {
  case failed(Failure, at: StepPath?)
  /// The phrase says how it was stopped.
  case incomplete(String)
  case refused(TenantRefusal)

  /// The problem of a plan that ended so; without what the service answered, which may be large.
  init?(_ ending: PlanReport.Ending) {
    switch ending {
    case .complete: return nil
    case .failed(var failure, let step):
      failure.answer = .null
      self = .failed(failure, at: step)
    case .incomplete(let cause): self = .incomplete(cause)
    }
  }
}
