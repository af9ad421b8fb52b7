import Planning

/// How deep the playbooks that one plays can be shown: what is played twice is shown twice.
struct FlowDepth {
  /// The most steps of a drawing that is not asked for.
  static let mostSteps = 2000
  private static let deepest = 64

  /// How deep playbooks play each other.
  let whole: Int
  /// The greatest depth at which the drawing has at most `mostSteps` steps.
  let fitting: Int

  init(of playbook: PlannedPlaybook) {
    var counter = Counter()
    whole = counter.depth(of: playbook)
    var fitting = 0
    while fitting < whole, counter.count(playbook, depth: fitting + 1) <= Self.mostSteps {
      fitting += 1
    }
    self.fitting = fitting
  }

  /// Counts each playbook once, however often it is played.
  private struct Counter {
    private struct Place: Hashable {
      let file: String
      let depth: Int
    }

    private var counts: [Place: Int] = [:]
    private var depths: [String: Int] = [:]

    mutating func depth(of playbook: PlannedPlaybook) -> Int {
      if let depth = depths[playbook.file] { return depth }
      let depth = played(by: playbook.steps).reduce(0) { max($0, 1 + self.depth(of: $1)) }
      depths[playbook.file] = depth
      return depth
    }

    /// At most one more than `mostSteps`.
    mutating func count(_ playbook: PlannedPlaybook, depth: Int) -> Int {
      let place = Place(file: playbook.file, depth: depth)
      if let count = counts[place] { return count }
      let count = self.count(playbook.steps, depth: depth)
      counts[place] = count
      return count
    }

    private mutating func count(_ steps: [PlannedStep], depth: Int) -> Int {
      var count = 0
      for step in steps {
        count += self.count(step.stepsAround, depth: depth)
        if case .play(let playbook, _) = step.kind {
          count += depth > 0 ? self.count(playbook, depth: depth - 1) : 1
        } else {
          count += 1 + self.count(step.kind.steps, depth: depth)
        }
        count = min(count, FlowDepth.mostSteps + 1)
      }
      return count
    }

    private func played(by steps: [PlannedStep]) -> [PlannedPlaybook] {
      steps.flatMap { step in
        let around = played(by: step.stepsAround)
        if case .play(let playbook, _) = step.kind { return around + [playbook] }
        return around + played(by: step.kind.steps)
      }
    }
  }
}

extension PlannedStep {
  /// The author's steps that belong to this one and are not inside it.
  fileprivate var stepsAround: [PlannedStep] {
    modifiers.rescue + modifiers.always + (modifiers.undo?.steps ?? [])
  }
}
