import Machine
import Sandbox

/// Looks for the smallest run that breaks the property that a finding breaks.
///
/// Crashes are left out, then faults: whole kinds, then halves of what is left, then one by one (delta
/// debugging). What is left of several faults may do as a single one elsewhere. The number of attempts
/// is bounded, and so is what they record.
struct Shrinking {
  /// The most runs that are tried.
  private static let mostAttempts = 600
  /// Until so many events were recorded in them: of long runs fewer are tried.
  private static let mostEvents = 60_000

  private let subject: CampaignSubject
  private var finding: Finding
  private var events = 0

  init(of finding: Finding, in subject: CampaignSubject) {
    self.subject = subject
    self.finding = finding
  }

  private var isOver: Bool {
    finding.attempts >= Self.mostAttempts || events >= Self.mostEvents
  }

  private mutating func run(_ candidate: SimulationCase, tracing: Bool = false) -> CaseResult {
    let result = subject.run(candidate, tracing: tracing)
    events += result.report.events.count
    return result
  }

  /// The finding with the smallest case that was found, and how its run went.
  func smallest() -> Finding {
    var shrinking = self
    shrinking.dropCrashes()
    shrinking.dropFaults()
    shrinking.dropCrashes()
    shrinking.simplify()
    let result = subject.run(shrinking.finding.smallest, tracing: true)
    shrinking.finding.report = result.report
    if let violation = result.violation { shrinking.finding.violation = violation }
    return shrinking.finding
  }

  /// Whether `candidate` breaks the same property; then it is the smallest so far.
  @discardableResult
  private mutating func keeps(_ candidate: SimulationCase) -> Bool {
    guard !isOver, candidate != finding.smallest else { return false }
    finding.attempts += 1
    let result = run(candidate)
    guard result.violation?.property == finding.violation.property else { return false }
    finding.smallest = candidate
    return true
  }

  private mutating func dropCrashes() {
    var index = 0
    while index < finding.smallest.crashes.count, !isOver {
      var candidate = finding.smallest
      candidate.crashes.remove(at: index)
      if !keeps(candidate) { index += 1 }
    }
  }

  /// The faults that the smallest case injects.
  private mutating func injections() -> [FaultSource.Injection] {
    guard !isOver else { return [] }
    let trace = run(finding.smallest, tracing: true).report.trace
    return trace?.injections.map(\.injection) ?? []
  }

  private mutating func dropFaults() {
    guard !finding.smallest.faults.isEmpty else { return }
    var none = finding.smallest
    none.faults = FaultSpec()
    if keeps(none) { return }
    for kind in FaultKind.allCases {
      let injections = injections()
      guard injections.contains(where: { $0.kind == kind }) else { continue }
      keeps(allowing: injections.filter { $0.kind != kind })
    }
    halveFaults()
    if injections().count > 1 { tryFaultsAlone() }
  }

  /// Leaves out as many of the injected faults as can be, in ever smaller pieces.
  private mutating func halveFaults() {
    var injections = injections()
    var size = (injections.count + 1) / 2
    while size > 0, !isOver {
      var start = 0
      while start < injections.count, !isOver {
        let end = min(start + size, injections.count)
        let rest = Array(injections[..<start] + injections[end...])
        if keeps(allowing: rest) { injections = rest } else { start = end }
      }
      size = size == 1 ? 0 : (size + 1) / 2
    }
  }

  /// Tries each kind of fault that is left alone, on each of its occasions.
  ///
  /// Leaving one fault out changes what comes after it, so that the others may meet something else.
  private mutating func tryFaultsAlone() {
    let kinds = Set(injections().map(\.kind))
    for kind in FaultKind.allCases where kinds.contains(kind) {
      var candidate = finding.smallest
      let duration = candidate.faults[kind]?.duration
      candidate.faults = FaultSpec()
      candidate.faults[kind] = FaultSpec.Rule(share: .always, duration: duration)
      candidate.allowedFaults = []
      guard !isOver else { return }
      let occasions = run(candidate).report.faultDecisions
      for occasion in 0..<occasions where !isOver {
        candidate.allowedFaults = [occasion + 1]
        if keeps(candidate) { return }
      }
    }
  }

  @discardableResult
  private mutating func keeps(allowing injections: [FaultSource.Injection]) -> Bool {
    var candidate = finding.smallest
    candidate.allowedFaults = Set(injections.map(\.decision))
    return keeps(candidate)
  }

  /// Prefers a network and downtimes that need no explanation.
  private mutating func simplify() {
    var candidate = finding.smallest
    candidate.conditions = NetworkConditions()
    keeps(candidate)
    candidate = finding.smallest
    candidate.delay = SimulationCase(seed: 0).delay
    keeps(candidate)
    candidate = finding.smallest
    candidate.reopenings = 0
    keeps(candidate)
    for index in finding.smallest.crashes.indices {
      candidate = finding.smallest
      candidate.crashes[index].downtime = .zero
      keeps(candidate)
    }
  }
}
