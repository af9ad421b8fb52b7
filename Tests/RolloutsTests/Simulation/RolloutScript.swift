import Events
import Expressions
import Operations
import Randomness
import Rollouts

/// What a seed decides about a simulated rollout: its limits, its tenants, and how long each attempt at a
/// tenant takes and how it ends.
struct RolloutScript: Sendable {
  let seed: UInt64
  let start: RolloutStart
  let limits: RolloutLimits
  /// The names of the tenants, in the order in which they start.
  let tenants: [String]
  private let shares: Shares

  /// In percent.
  private struct Shares: Sendable {
    let failed: Int
    let inDoubt: Int
    let waiting: Int
    let refused: Int
  }

  /// A rollout over some of `names`.
  init(seed: UInt64, over names: [String]) {
    var random = SplitMix(seed: seed)
    self.seed = seed
    let count = Int.random(in: 1...names.count, using: &random)
    tenants = Array(names.shuffled(using: &random).prefix(count))
    limits = Self.limits(of: count, using: &random)
    let isClean = Bool.random(using: &random)
    shares = Shares(
      failed: isClean ? 0 : Int.random(in: 0...30, using: &random),
      inDoubt: isClean ? 0 : Int.random(in: 0...5, using: &random),
      waiting: isClean ? 0 : Int.random(in: 0...5, using: &random),
      refused: isClean ? 0 : Int.random(in: 0...5, using: &random))
    let pinned = PinnedPlan(files: "", description: "", outline: "", path: "p", folder: "/")
    start = RolloutStart(
      rollout: RunID(using: &random), name: "r", file: "r", playbook: "p", tenantsFile: "t",
      tenantCount: count, mode: .apply, limits: limits.encoded, stages: limits.stages,
      environment: nil, service: nil, labels: [], version: "t", seed: seed, definition: "",
      tenants: "", pinned: pinned)
  }

  private static func limits(
    of count: Int, using random: inout SplitMix
  ) -> RolloutLimits {
    func maybe<Value>(_ percent: Int, _ value: Value, _ random: inout SplitMix) -> Value? {
      Int.random(in: 0..<100, using: &random) < percent ? value : nil
    }
    var stages = Set([count])
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      stages.insert(Int.random(in: 1...count, using: &random))
    }
    let retry = RolloutRetry(
      attempts: Int.random(in: 2...3, using: &random),
      backoff: .milliseconds(Int.random(in: 1...3000, using: &random)))
    return RolloutLimits(
      concurrency: Int.random(in: 1...6, using: &random), stages: stages.sorted(),
      bake: maybe(30, .milliseconds(Int.random(in: 1...2000, using: &random)), &random),
      gate: maybe(25, .approval, &random),
      pace: maybe(20, Double(Int.random(in: 1...50, using: &random)), &random),
      maxFailures: maybe(60, Int.random(in: 1...4, using: &random), &random),
      onStop: Bool.random(using: &random) ? .finish : .cancel, retry: maybe(40, retry, &random),
      deadline: maybe(10, .seconds(Int.random(in: 1...30, using: &random)), &random))
  }

  /// How an attempt at a tenant ends.
  enum Ending: Sendable, Hashable {
    case outcome(Outcome)
    /// It waits for a person's decision.
    case waiting
  }

  private func draw(_ index: Int, _ attempt: Int, _ purpose: UInt64) -> SplitMix {
    var random = SplitMix(seed: seed ^ UInt64(index) << 20 ^ UInt64(attempt) << 8 ^ purpose)
    _ = random.next()
    return random
  }

  func duration(of index: Int, attempt: Int) -> Duration {
    var random = draw(index, attempt, 1)
    return .microseconds(Int.random(in: 1...1_000_000, using: &random))
  }

  func ending(of index: Int, attempt: Int) -> Ending {
    var random = draw(index, attempt, 2)
    let number = Int.random(in: 0..<100, using: &random)
    if number < shares.failed { return .outcome(.failed) }
    if number < shares.failed + shares.inDoubt { return .outcome(.inDoubt) }
    if number < shares.failed + shares.inDoubt + shares.waiting, attempt < 3 { return .waiting }
    return .outcome(.succeeded)
  }

  /// Whether no run can be begun for the tenant.
  func isRefused(_ index: Int, attempt: Int) -> Bool {
    var random = draw(index, attempt, 3)
    return Int.random(in: 0..<100, using: &random) < shares.refused
  }
}
