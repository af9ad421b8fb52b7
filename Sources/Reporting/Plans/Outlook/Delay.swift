import Events

/// How long steps may take, and which of them.
struct Delay: Sendable, Hashable {
  /// Something that may take long.
  struct Cause: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      case approval
      case wait
      case vote
      case rounds
    }

    let kind: Kind
    let path: StepPath
  }

  /// So many causes are named.
  private static let mostNames = 2

  /// The longest time; nil where there is no limit, or it is not known.
  private(set) var time: Duration? = .zero
  /// What takes it, in its order.
  private(set) var causes: [Cause] = []

  static let none = Delay()

  private init() {}

  /// A delay of `time` because of one cause; none where that is zero.
  init(_ time: Duration?, _ kind: Cause.Kind, _ path: StepPath) {
    self.time = time
    causes = time == .zero ? [] : [Cause(kind: kind, path: path)]
  }

  /// One after the other.
  static func + (left: Delay, right: Delay) -> Delay {
    var sum = left
    sum.time = left.time.flatMap { first in right.time.map { first + $0 } }
    if left.time == nil { return left }
    if right.time == nil { return right }
    if sum.causes.count <= mostNames { sum.causes += right.causes }
    return sum
  }

  /// Whichever takes longer.
  func longer(_ other: Delay) -> Delay { other.exceeds(time) ? other : self }

  /// Whether it may take longer than `limit`, where there is one.
  func exceeds(_ limit: Duration?) -> Bool {
    guard let limit else { return false }
    return time.map { $0 > limit } ?? true
  }

  /// Such as ``the approval `release` may take 4 h``.
  var phrase: String {
    let names = causes.prefix(Self.mostNames).map(\.phrase).joined(separator: " and ")
    let others = causes.count > Self.mostNames ? " and more" : ""
    return "\(names)\(others) may take \(time.map(ElapsedText.limit) ?? "any time")"
  }
}

extension Delay.Cause {
  fileprivate var phrase: String {
    switch kind {
    case .approval: "the approval `\(path)`"
    case .wait: "`\(path)`"
    case .vote: "the vote of `\(path)`"
    case .rounds: "the rounds of `\(path)`"
    }
  }
}
