import Events
import Expressions
import Operations
import Planning
import Playbooks

/// How long the steps of a plan may take, and what lies between two of them.
struct Timeline {
  /// A piece of the plan with its times.
  private struct Span {
    enum Order {
      case alone
      case sequence
      case parallel
      /// Each of them takes `round` at most.
      case rounds(StepPath, concurrency: Int, round: Delay)
    }

    let order: Order
    let children: [Span]
    /// How long it may take.
    let total: Delay
    /// The same as a round of a loop: there the time of ordinary calls counts as well.
    let inLoop: Delay
  }

  /// Where a step stands: the numbers of the pieces that it is in, from the outermost.
  typealias Place = [Int]

  /// The steps in their order, with their places.
  private(set) var steps: [(step: ForeseenStep, place: Place)] = []
  private let limits: StepLimits
  private let waits: [StepPath: Duration]
  private var root: Span

  /// `waits` are how long steps wait for votes.
  init(of outlook: PlanOutlook, waits: [StepPath: Duration], within limits: StepLimits) {
    self.limits = limits
    self.waits = waits
    root = Span(order: .sequence, children: [], total: .none, inLoop: .none)
    root = span(outlook.root, at: [])
  }

  /// How long the step itself may take: its vote, or what it waits for.
  func delay(of step: ForeseenStep) -> Delay {
    guard step.fate != .never else { return .none }
    let timeout = step.step.modifiers.timeout?.constant
    switch step.step.kind {
    case .approve: return Delay(timeout, .approval, step.path)
    case .wait(let duration): return Delay(duration.constant, .wait, step.path)
    // A condition that is true already is not waited for.
    case .waitUntil:
      return step.value.unknown == nil
        ? .none : Delay(timeout ?? limits.condition, .wait, step.path)
    case .call: return waits[step.path].map { Delay($0, .vote, step.path) } ?? .none
    case .play, .forEach, .parallel, .block, .assert: return .none
    }
  }

  private mutating func span(_ part: PlanOutlook.Part, at place: Place) -> Span {
    switch part {
    case .step(let step):
      steps.append((step, place))
      let own = delay(of: step)
      return Span(order: .alone, children: [], total: own, inLoop: own + call(step))
    case .sequence(let parts):
      let spans = spans(parts, at: place)
      return Span(
        order: .sequence, children: spans, total: Self.sum(spans.map(\.total)),
        inLoop: Self.sum(spans.map(\.inLoop)))
    case .parallel(let parts):
      let spans = spans(parts, at: place)
      return Span(
        order: .parallel, children: spans, total: Self.longest(spans.map(\.total)),
        inLoop: Self.longest(spans.map(\.inLoop)))
    case .rounds(let path, let parts, let concurrency):
      let spans = spans(parts, at: place)
      let round = Self.longest(spans.map(\.inLoop))
      let order = Span.Order.rounds(path, concurrency: concurrency, round: round)
      let all = Self.rounds(spans.count, path, concurrency, round)
      return Span(order: order, children: spans, total: all, inLoop: all)
    }
  }

  private mutating func spans(_ parts: [PlanOutlook.Part], at place: Place) -> [Span] {
    var spans: [Span] = []
    for (number, part) in parts.enumerated() { spans.append(span(part, at: place + [number])) }
    return spans
  }

  /// How long a call may take that is carried out round by round.
  private func call(_ step: ForeseenStep) -> Delay {
    guard step.fate != .never, case .call = step.step.kind, waits[step.path] == nil else {
      return .none
    }
    return Delay(step.step.modifiers.timeout?.constant ?? limits.attempt, .rounds, step.path)
  }
}

/// What lies between.
extension Timeline {
  /// How long it may take from the end of the step at `first` to the beginning of the one at `second`,
  /// which follows it.
  func between(_ first: Place, _ second: Place) -> Delay {
    var span = root
    var depth = 0
    while first[depth] == second[depth] {
      span = span.children[first[depth]]
      depth += 1
    }
    let (from, to) = (first[depth], second[depth])
    let tail = Self.tail(of: span.children[from], first[(depth + 1)...])
    let head = Self.head(of: span.children[to], second[(depth + 1)...])
    return tail + Self.through(span, (from + 1)..<max(from + 1, to)) + head
  }

  /// How long it may take from the beginning to that of the step at `place`.
  func before(_ place: Place) -> Delay { Self.head(of: root, place[...]) }

  private static func tail(of span: Span, _ place: ArraySlice<Int>) -> Delay {
    guard let number = place.first else { return .none }
    let inner = tail(of: span.children[number], place.dropFirst())
    switch span.order {
    case .alone: return inner
    // The branches beside it may take longer.
    case .parallel: return longest([inner] + span.children.map(\.total))
    case .sequence, .rounds: return inner + through(span, (number + 1)..<span.children.count)
    }
  }

  private static func head(of span: Span, _ place: ArraySlice<Int>) -> Delay {
    guard let number = place.first else { return .none }
    let inner = head(of: span.children[number], place.dropFirst())
    switch span.order {
    case .alone, .parallel: return inner
    case .sequence, .rounds: return through(span, 0..<number) + inner
    }
  }

  /// How long these pieces of `span` may take.
  private static func through(_ span: Span, _ range: Range<Int>) -> Delay {
    switch span.order {
    case .alone, .parallel: return .none
    case .sequence: return sum(span.children[range].map(\.total))
    case .rounds(let path, let concurrency, let round):
      return range.isEmpty ? .none : rounds(range.count, path, concurrency, round)
    }
  }

  private static func rounds(
    _ count: Int, _ path: StepPath, _ concurrency: Int, _ round: Delay
  ) -> Delay {
    guard let time = round.time else { return round }
    let turns = (count + concurrency - 1) / max(concurrency, 1)
    return Delay(time * turns, .rounds, path)
  }

  private static func sum(_ delays: [Delay]) -> Delay { delays.reduce(.none, +) }

  private static func longest(_ delays: [Delay]) -> Delay {
    delays.reduce(.none) { $0.longer($1) }
  }
}

/// How long steps may take that do not say it.
package struct StepLimits: Sendable, Hashable {
  /// One attempt of a call.
  package var attempt: Duration
  /// A `wait` until a condition is true.
  package var condition: Duration

  /// The limits of the run that the plan is for.
  package init(attempt: Duration, condition: Duration) {
    self.attempt = attempt
    self.condition = condition
  }
}
