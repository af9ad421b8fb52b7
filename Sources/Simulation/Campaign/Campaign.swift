import Machine
import Operations
import Randomness
package import Sandbox

/// Many simulated runs of one subject.
///
/// The result depends on nothing but the subject and the settings here, whatever the number of
/// workers: runs are judged in their order, and those after the first finding do not count.
package struct Campaign: Sendable {
  /// Where processes end.
  package enum CrashMode: String, Sendable, Hashable, CaseIterable {
    case none
    /// At random points of the random runs.
    case random
    /// That, and without faults at every point in turn, and at pairs of them.
    case every
  }

  /// Where runs are given up, so that a plan and a new run follow.
  package enum PlanMode: String, Sendable, Hashable, CaseIterable {
    case none
    /// Without faults at every point in turn, and after the end.
    case every
  }

  /// What is simulated.
  package var subject: CampaignSubject
  /// How many random runs there are; each has the seed after that of the run before.
  package var runs: Int
  /// The seed of the first one.
  package var seed: UInt64
  /// The faults of the random runs.
  package var faults: FaultSpec
  /// Where processes end.
  package var crashMode: CrashMode
  /// Where plans are made.
  package var planMode: PlanMode
  /// How many runs are simulated at the same time, at least 1.
  package var workers: Int

  /// A campaign over `subject`.
  package init(
    over subject: CampaignSubject, runs: Int, seed: UInt64, faults: FaultSpec,
    crashMode: CrashMode, planMode: PlanMode = .none, workers: Int
  ) {
    self.subject = subject
    self.runs = runs
    self.seed = seed
    self.faults = faults
    self.crashMode = crashMode
    self.planMode = planMode
    self.workers = workers
  }

  /// Simulates everything, up to the first finding, which is made as small as it can be.
  ///
  /// `noteFinding` receives it before that, which may take a while.
  package func perform(noteFinding: (Finding) -> Void = { _ in }) async -> CampaignResult {
    let tasks = enumerationTasks() + randomTasks()
    let results = await OrderedWork(tasks.count, workers: workers) { index in
      tasks[index].perform(in: self)
    }.results { $0.finding != nil }
    var result = CampaignResult()
    for part in results { result.add(part) }
    if let finding = result.finding {
      noteFinding(finding)
      result.finding = Shrinking(of: finding, in: subject).smallest()
    }
    return result
  }
}

/// What a campaign came to.
package struct CampaignResult: Sendable {
  /// Nothing so far.
  package init() {}

  /// What the runs came to.
  package internal(set) var tally = CampaignTally()
  /// How many random runs there were.
  package internal(set) var runs = 0
  /// At how many points a process ended alone.
  package internal(set) var points = 0
  /// At how many pairs of points two processes ended in one run.
  package internal(set) var pairs = 0
  /// What plans were made, and how the runs after them compare.
  package internal(set) var plans = PlanTally()
  /// The first run that broke a property.
  package internal(set) var finding: Finding?

  mutating func add(_ other: CampaignResult) {
    tally.add(other.tally)
    runs += other.runs
    points += other.points
    pairs += other.pairs
    plans.add(other.plans)
    finding = finding ?? other.finding
  }

  /// Notes one run.
  mutating func add(_ result: CaseResult, of case: SimulationCase) {
    tally.add(result.report)
    plans.add(result.plans)
    if let violation = result.violation {
      finding = Finding(violation: violation, in: `case`)
    }
  }
}

/// A run that broke a property.
package struct Finding: Sendable {
  /// The property, as the smallest run breaks it.
  package var violation: Violation
  /// The run in which it was found.
  package let original: SimulationCase
  /// The smallest run that breaks the same property, as far as one was found.
  package var smallest: SimulationCase
  /// How that run went, with what befell it.
  package var report: SimulationReport?
  /// How many runs were tried to make it small.
  package var attempts = 0
  /// Whether it needs neither a crash nor a fault.
  package var isUndisturbed = false

  init(violation: Violation, in case: SimulationCase) {
    self.violation = violation
    original = `case`
    smallest = `case`
  }

  /// A property that an undisturbed run broke.
  package init(undisturbed violation: Violation, _ report: SimulationReport) {
    self.init(violation: violation, in: SimulationCase(seed: 0))
    self.report = report
    isUndisturbed = true
  }
}

/// A part of a campaign that one worker does.
enum CampaignTask: Sendable {
  case enumeration(CrashEnumeration)
  case seeded(Range<Int>)

  func perform(in campaign: Campaign) -> CampaignResult {
    switch self {
    case .enumeration(let enumeration): enumeration.perform(in: campaign.subject)
    case .seeded(let numbers): campaign.perform(numbers)
    }
  }
}

/// Every crash point.
extension Campaign {
  /// How many parts an enumeration is divided into; each goes through the run up to its last point.
  private static let enumerationParts = 48

  private func enumerationTasks() -> [CampaignTask] {
    let kinds: [CrashEnumeration.Kind] =
      (crashMode == .every ? [.points, .pairs] : []) + (planMode == .every ? [.plans] : [])
    guard !kinds.isEmpty else { return [] }
    // Commands take so long that their outcome is asked for, too.
    var whole = SimulationCase(seed: seed)
    whole.conditions.latency = .milliseconds(5) ... .milliseconds(150)
    whole.delay = .seconds(6)
    let count = subject.run(whole).report.pointCount
    let size = max(1, (count + Self.enumerationParts - 1) / Self.enumerationParts)
    return kinds.flatMap { kind in
      stride(from: 1, through: count, by: size).map { first in
        .enumeration(
          CrashEnumeration(
            kind: kind, whole: whole, points: first..<min(first + size, count + 1),
            pointCount: count))
      }
    }
  }
}

/// Random runs.
extension Campaign {
  /// How many random runs one worker does in a row.
  private static let batch = 8

  private static let latencies: [ClosedRange<Duration>] = [
    .milliseconds(1) ... .milliseconds(20), .milliseconds(5) ... .milliseconds(150),
    .zero ... .milliseconds(400),
  ]
  private static let delays: [Duration] = [
    .milliseconds(20), .milliseconds(700), .seconds(3), .seconds(6),
  ]
  private static let downtimes: [Duration] = [
    .zero, .milliseconds(700), .seconds(5), .seconds(45),
  ]

  private func randomTasks() -> [CampaignTask] {
    stride(from: 0, to: runs, by: Self.batch).map { .seeded($0..<min($0 + Self.batch, runs)) }
  }

  /// The random run of that number, from 0.
  package func randomCase(_ number: Int) -> SimulationCase {
    var random = SplitMix(seed: (seed &+ UInt64(number)) ^ 0x5157_4C41_5449_4F4E)
    var found = SimulationCase(seed: seed &+ UInt64(number), faults: faults)
    found.conditions.latency = Self.latencies.randomElement(using: &random) ?? Self.latencies[0]
    found.delay = Self.delays.randomElement(using: &random) ?? Self.delays[0]
    found.reopenings = Int.random(in: 0...1, using: &random)
    guard crashMode != .none else { return found }
    let last = subject.reference.pointCount * 5 / 4 + 1
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      found.crashes.append(
        Crash(
          point: Int.random(in: 1...last, using: &random),
          downtime: Self.downtimes.randomElement(using: &random) ?? .zero))
    }
    return found
  }

  fileprivate func perform(_ numbers: Range<Int>) -> CampaignResult {
    var result = CampaignResult()
    for number in numbers where result.finding == nil {
      let next = randomCase(number)
      result.add(subject.run(next), of: next)
      result.runs += 1
    }
    return result
  }
}
