import Events
import Expressions
import Operations
import Planning
import Playbooks

/// `for-each`: the same steps for each element of a list, a map or pages.
///
/// Pages are read before the first round, by steps of their own; then it is a loop over all elements.
struct ForEachStep: GroupRules {
  let loop: PlannedLoop

  var kind: StepSummary.Kind { .forEach }
  var subject: String? { loop.variable }
  var keepsResults: Bool { loop.onFailure == .continue }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    guard machine.kernel.tree.groups[id] == nil, case .value(let items) = loop.items else {
      return beginRounds(id, in: &machine)
    }
    let settings = machine.kernel.settings
    // The list has no value, which this says again.
    _ = try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.elements(of: items, in: node.scope, within: settings)
    }
  }

  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    if machine.kernel.tree.groups[id] == nil, case .value(let template) = loop.items {
      let items = try WorkFailure.orSettled { () throws(Failure) in
        try machine.kernel.tree.evaluate(template, in: node.scope)
      }
      if let unknown = items.unknown {
        return machine.foresawNothing(of: id, waitingFor: unknown)
      }
    }
    try start(id, node, in: &machine)
  }

  func memberEnded(_ id: NodeID, in machine: inout RunMachine) {
    if case .unknown(let unknown)? = machine.kernel.tree.step(id)?.pages.rest {
      return machine.foresawNothing(of: id, waitingFor: unknown)
    }
    machine.stopMembersIfBroken(of: id)
    beginRounds(id, in: &machine)
  }

  /// Begins rounds until as many are in progress as may be; ends the loop when none is left.
  private func beginRounds(_ id: NodeID, in machine: inout RunMachine) {
    guard let (node, _) = machine.kernel.inProgress(id),
      let first = machine.kernel.certain(loop.steps.first)
    else { return }
    let rounds = nextRounds(of: id, in: machine)
    for round in rounds {
      let path = node.path.appending(.iteration(round.number)).appending(.step(first.id))
      let title = machine.title(of: first) {
        machine.kernel.tree.scope(ofRound: round.number, of: id)
      }
      machine.begin(first, at: path, below: id, titled: title, element: round.element)
    }
    guard rounds.isEmpty, machine.kernel.tree.groups[id]?.running.isEmpty ?? false else { return }
    machine.groupEnded(id)
  }

  /// The rounds that may begin now, with their elements as far as they may be shown.
  private func nextRounds(
    of id: NodeID, in machine: RunMachine
  ) -> [(number: Int, element: String?)] {
    guard let group = machine.kernel.tree.groups[id], !group.isStoppedByFailure,
      machine.kernel.tree.step(id)?.stop == nil
    else { return [] }
    guard group.until.failure == nil else { return [] }
    let room = max((loop.concurrency.constant ?? 1) - group.running.count, 0)
    return group.waiting.prefix(room).map { ($0, machine.shownElement($0, of: id)) }
  }
}

extension RunMachine {
  /// What people call a round: its label, else its key or element as far as that may be shown.
  func shownElement(_ number: Int, of id: NodeID) -> String? {
    guard case .forEach(let loop, let elements)? = kernel.tree.groups[id]?.kind else { return nil }
    let shown =
      loop.label == nil
      ? (elements.keys ?? elements.values)[number].shownElement
      : kernel.tree.label(ofRound: number, of: id)
    return shown.map { kernel.secrets.scrub($0) }
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
    case .null, .bytes, .list, .timestamp, .duration, .type, .secret, .unknown: nil
    }
  }
}
