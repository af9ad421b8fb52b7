import Machine
import Randomness
import Sandbox

/// Some of the points of one run: the process ends at each of them in turn, or at each of them and once
/// more later; or it ends there for good, and a plan and a new run follow.
///
/// The run itself is simulated once; at each point a copy goes its own way.
struct CrashEnumeration: Sendable {
  /// How long nobody drives the run: less than any limit.
  private static let downtime = Duration.milliseconds(700)
  /// The most pairs of points of one run.
  private static let mostPairs = 1000

  enum Kind: Sendable, Hashable {
    case points
    case pairs
    case plans
  }

  let kind: Kind
  /// The run without crashes.
  let whole: SimulationCase
  let points: Range<Int>
  /// How many points the run has.
  let pointCount: Int

  func perform(in subject: CampaignSubject) -> CampaignResult {
    var result = CampaignResult()
    var run = subject.simulation(of: whole)
    while result.finding == nil, let point = (try? run.advance()).flatMap(\.self),
      point.number < points.upperBound
    {
      guard point.number >= points.lowerBound else { continue }
      switch kind {
      case .points: crash(in: run, at: point, and: nil, subject, &result)
      case .pairs:
        guard let second = secondPoint(after: point.number) else { continue }
        crash(in: run, at: point, and: second, subject, &result)
      case .plans: plan(after: run, at: point, subject, &result)
      }
    }
    if kind == .plans, result.finding == nil, run.isOver {
      plan(after: run, at: nil, subject, &result)
    }
    return result
  }

  /// Plans what `run` leaves when its process ends at `point`, or at its end, and carries it out.
  private func plan(
    after run: Simulation, at point: CrashPoint?, _ subject: CampaignSubject,
    _ result: inout CampaignResult
  ) {
    var found = found(at: point.map { [$0.number] } ?? [])
    found.endsInPlan = true
    result.add(subject.plan(after: run, at: point), of: found)
  }

  /// Ends the process of a copy at `point`, and the next one at `second`.
  private func crash(
    in run: Simulation, at point: CrashPoint, and second: Int?, _ subject: CampaignSubject,
    _ result: inout CampaignResult
  ) {
    var fork = run.forked()
    fork.crash(at: point, downtime: Self.downtime)
    let crashes = second.map { [Crash(point: $0, downtime: Self.downtime)] } ?? []
    let end = subject.finish(&fork, crashing: crashes)
    if second == nil { result.points += 1 } else { result.pairs += 1 }
    result.add(end, of: found(at: [point.number] + crashes.map(\.point)))
  }

  private func found(at points: [Int]) -> SimulationCase {
    var found = whole
    found.crashes = points.map { Crash(point: $0, downtime: Self.downtime) }
    return found
  }

  /// The other point of the pair that begins at `first`; nil where none is tried.
  private func secondPoint(after first: Int) -> Int? {
    let step = (pointCount + Self.mostPairs - 1) / Self.mostPairs
    guard first < pointCount, first.isMultiple(of: max(1, step)) else { return nil }
    var random = SplitMix(seed: whole.seed ^ UInt64(first) << 20)
    // Half of them soon after, while what the first crash left is being taken up.
    let isSoon = Bool.random(using: &random)
    let last = isSoon ? min(pointCount, first + 24) : pointCount
    return Int.random(in: first + 1...last, using: &random)
  }
}
