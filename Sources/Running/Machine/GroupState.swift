import Events
import Expressions
import Planning

/// The children of a `play`, block, `parallel` or `for-each`.
struct GroupState: Sendable {
  enum Kind: Sendable {
    case block
    case parallel
    case play(PlannedPlaybook, scope: ScopeID)
    case forEach(Loop)
  }

  /// What every iteration of a `for-each` is made of.
  struct Loop: Sendable {
    let items: [Value]
    let variable: String
    let concurrency: Int
    let steps: [PlannedStep]
  }

  let kind: Kind
  /// The children under way, each with its number in the group.
  var running: [NodeID: Int] = [:]
  /// The child that decides how the group ends: the first that did not end well, unless a later
  /// one is in doubt.
  var broken: Ending?
  /// The element of a `for-each` that comes next.
  var next = 0
  /// What the iterations of a `for-each` gave, by element.
  var results: [Value] = []

  init(_ kind: Kind) {
    self.kind = kind
    if case .forEach(let loop) = kind {
      results = Array(repeating: [:], count: loop.items.count)
    }
  }

  /// Records the end of a child; returns whether it fails the group.
  mutating func note(_ ending: Ending) -> Bool {
    guard !ending.result.outcome.allowsContinuation else { return false }
    let breaks = broken == nil
    if breaks || ending.result.outcome == .inDoubt { broken = ending }
    return breaks
  }
}
