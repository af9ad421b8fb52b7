import Events
import Expressions
import Operations

/// How two runs differ, as `privirun diff` shows it.
///
/// Ids of runs, instants and times are different in any two runs, and so are identifiers that a service
/// makes. They are shown, and make no difference.
package struct RunComparison: Sendable, Hashable {
  /// Whether what steps returned is compared, and the outputs of the runs.
  package enum Results: Sendable, Hashable {
    case compared
    case leftOut
  }

  /// One of the two runs, in its heading.
  struct Heading: Sendable, Hashable {
    var run: RunID?
    var playbook: String?
    var startedAt: Moment?
    /// The outcome, or where the run stands.
    var ending: String
    /// From the first event to the latest one, of a run that finished.
    var duration: Duration?
  }

  let from: Heading
  let to: Heading
  /// Whether secrets were compared, which takes the keys of both.
  let comparesSecrets: Bool
  /// What the runs were started with, other than inputs.
  let facts: [ComparedValue]
  let inputs: [ComparedValue]
  /// Every step of both runs, those that are the same included.
  let steps: [ComparedStep]
  let outputs: [ComparedValue]
  /// How the runs ended, and why.
  let ending: [ComparedValue]

  /// Compares `first` with `second`.
  ///
  /// What is secret in one of them is masked in both: a service may show the one's in the open to the other.
  package init(_ first: ComparedRun, _ second: ComparedRun, results: Results = .compared) {
    comparesSecrets = first.secrets == .unsealed && second.secrets == .unsealed
    let scrubber = SecretScrubber(first.known + second.known)
    let first = ScrubbedRun(first, hiding: scrubber)
    let second = ScrubbedRun(second, hiding: scrubber)
    from = Heading(first)
    to = Heading(second)
    var values = ValueComparison(comparesSecrets: comparesSecrets)
    facts = Self.facts(first, second, &values)
    inputs = Self.inputs(first, second, &values)
    let alignment = StepAlignment(first.tree, second.tree)
    var comparison = StepComparison(
      alignment, comparesResults: results == .compared, values)
    let steps = comparison.steps()
    values = comparison.values
    ending = Self.ending(first, second, &values)
    let outputs = results == .compared ? Self.outputs(first, second, &values) : []
    self.outputs = values.marked(outputs)
    self.steps = steps.map { step in
      var step = step
      step.differences = values.marked(step.differences)
      return step
    }
  }

  /// Whether the runs differ in anything in which two runs may be the same.
  package var differs: Bool {
    !facts.isEmpty || !inputs.isEmpty || !ending.isEmpty
      || !outputs.allSatisfy(\.isGenerated) || !steps.allSatisfy(\.isSame)
  }

  /// How long both runs took; nil unless both finished.
  var time: ComparedTime? {
    guard let before = from.duration, let after = to.duration else { return nil }
    return ComparedTime(from: before, to: after)
  }

  private static func facts(
    _ first: ScrubbedRun, _ second: ScrubbedRun, _ values: inout ValueComparison
  ) -> [ComparedValue] {
    let (old, new) = (first.facts, second.facts)
    guard !old.isEmpty, !new.isEmpty else { return [] }
    return zip(old, new).flatMap { values.differences($0.value, $1.value, at: $0.name) }
  }

  private static func inputs(
    _ first: ScrubbedRun, _ second: ScrubbedRun, _ values: inout ValueComparison
  ) -> [ComparedValue] {
    guard let old = first.tree.overview.start, let new = second.tree.overview.start else {
      return []
    }
    return values.differences(.map(old.inputs), .map(new.inputs), at: "")
  }

  private static func outputs(
    _ first: ScrubbedRun, _ second: ScrubbedRun, _ values: inout ValueComparison
  ) -> [ComparedValue] {
    let (old, new) = (first.tree.overview.result, second.tree.overview.result)
    guard old != nil || new != nil else { return [] }
    return values.differences(
      .map(old?.outputs ?? ValueMap()), .map(new?.outputs ?? ValueMap()), at: "")
  }

  private static func ending(
    _ first: ScrubbedRun, _ second: ScrubbedRun, _ values: inout ValueComparison
  ) -> [ComparedValue] {
    let (old, new) = (first.tree.overview, second.tree.overview)
    func step(_ overview: RunOverview) -> Value? {
      overview.result?.failedStep.map { .string($0.description) }
    }
    return values.differences(.string(first.ending), .string(second.ending), at: "outcome")
      + values.failures(old.result?.failure, new.result?.failure)
      + values.differences(step(old), step(new), at: "failedStep")
      + values.differences(
        old.internalError.map { .string($0) }, new.internalError.map { .string($0) },
        at: "internalError")
  }
}

extension RunComparison.Heading {
  fileprivate init(_ run: ScrubbedRun) {
    let overview = run.tree.overview
    self.init(
      run: overview.start?.run, playbook: overview.start?.playbook, startedAt: overview.startedAt,
      ending: run.ending, duration: run.duration)
  }
}

/// How many steps are alike.
extension RunComparison {
  struct Counts: Sendable, Hashable {
    var same = 0
    var different = 0
    var removed = 0
    var added = 0
    /// Steps of both runs whose time is notably different.
    var slower = 0
    var faster = 0
    /// Values that the service makes anew in each run.
    var generated = 0
  }

  var counts: Counts {
    steps.reduce(into: Counts()) { counts, step in
      switch step.presence {
      case .removed(_, let steps): counts.removed += steps
      case .added(_, let steps): counts.added += steps
      case .both where step.isSame: counts.same += 1
      case .both: counts.different += 1
      }
      if let time = step.time, time.isNotable {
        if time.difference > .zero { counts.slower += 1 } else { counts.faster += 1 }
      }
      counts.generated += step.differences.count(where: \.isGenerated)
    }
  }
}
