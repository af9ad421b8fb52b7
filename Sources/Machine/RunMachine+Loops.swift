import Events
import Expressions
import Operations
import Planning
import Playbooks

/// Loops: the rounds of a `for-each`.
extension RunMachine {
  mutating func startForEach(
    _ id: NodeID, _ node: Node, _ loop: PlannedLoop
  ) throws(WorkFailure) {
    let values = try orSettled { () throws(Failure) in
      try elements(of: loop.items, in: node.scope)
    }
    startGroup(
      id, .forEach(loop, items: values), keeping: stepState(id)?.keptRounds ?? [:])
    startIterations(id)
  }

  /// The element of the round whose first step `node` is, as far as it may be shown.
  func elementOfRound(beginningWith node: Node) -> String? {
    guard let parent = node.parent, let round = nodes[parent],
      case .iteration(let index)? = round.path.components.last,
      case .sequence(let sequence) = round.content, sequence.next == 1,
      let group = round.parent.flatMap({ groups[$0] })
    else { return nil }
    return shownElement(index, of: group)
  }

  /// The element of a round, as far as it may be shown.
  func shownElement(_ index: Int, of group: GroupState) -> String? {
    guard case .forEach(_, let items) = group.kind else { return nil }
    return items[index].shownElement.map { scrubber.scrub($0) }
  }

  private func elements(of items: Template, in scope: ScopeID) throws(Failure) -> [Value] {
    let value = try evaluate(items, in: scope)
    let list: [Value]
    switch value {
    case .list(let elements): list = elements
    case .secret(let secret):
      guard case .list(let elements) = secret.reveal() else { fallthrough }
      list = elements.map(\.hidden)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .map, .timestamp, .duration, .type:
      throw Failure(.expectation, "`for-each` needs a list", location: items.location)
    }
    guard list.count <= settings.iterationLimit else {
      throw Failure(
        .expectation, "the list has \(list.count) elements; at most \(settings.iterationLimit)",
        location: items.location)
    }
    return list
  }

  /// Begins rounds until as many are in progress as may be; ends the loop when none is left.
  mutating func startIterations(_ id: NodeID) {
    guard let node = nodes[id], case .step(let step) = node.content,
      let group = groups[id], case .forEach(let loop, let items) = group.kind
    else { return }
    let room = min(loop.concurrency - group.running.count, group.waiting.count)
    if step.stop == nil, group.broken == nil || !group.stopsAtFailure, room > 0 {
      groups[id]?.begun += room
      for number in group.waiting.prefix(room) {
        let scope = addInnerScope(of: node.scope, variables: [loop.variable: items[number]])
        startMember(
          number, of: id, path: node.path.appending(.iteration(number)), scope: scope, loop.steps)
      }
    }
    if groups[id]?.running.isEmpty ?? false { groupEnded(id) }
  }

  /// Keeps what a round gave; where failures stop nothing, with what went wrong in it.
  mutating func roundEnded(
    _ index: Int, of loop: PlannedLoop, at id: NodeID, _ scope: ScopeID, _ ending: Ending
  ) {
    var results = scopes[scope]?.ownResults ?? ValueMap()
    scopes[scope] = nil
    if loop.onFailure == .continue, !ending.result.outcome.allowsContinuation {
      results["error"] =
        ending.result.failure == nil
        ? Self.cancelled("the round was cancelled") : ending.errorVariable
    }
    groups[id]?.results[index] = .map(results)
  }

  /// What a `for-each` gives although it did not end well.
  func keptValue(of group: GroupState) -> Value {
    guard !group.stopsAtFailure else { return [:] }
    var results = group.results
    for number in group.waiting {
      results[number] = ["error": Self.cancelled("the round did not begin")]
    }
    return .list(results)
  }

  /// What a round that was not gone through to its end has as `error`.
  private static func cancelled(_ message: String) -> Value {
    ["class": "cancelled", "message": .string(message), "status": nil, "step": nil, "answer": nil]
  }
}

extension Value {
  /// So many characters of an element are shown.
  private static var longestShownElement: Int { 40 }

  /// The fields of a map that name what it is about, the most specific first.
  private static var namingFields: [String] { ["name", "id", "username", "key", "title"] }

  /// A scalar's text where it is short and not secret; of a map, the field that names it.
  fileprivate var shownElement: String? {
    switch self {
    case .string(let text): text.count <= Self.longestShownElement ? text : nil
    case .bool, .int, .uint, .double: displayText
    case .map(let map):
      Self.namingFields.lazy.compactMap { field in
        if case .string? = map[field] { map[field]?.shownElement } else { nil }
      }.first
    case .null, .bytes, .list, .timestamp, .duration, .type, .secret: nil
    }
  }
}
