import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// An ensured call in a plan: it reads as in a run, and says what it would do.
extension EnsureStep {
  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let arguments = try arguments(at: node, in: machine)
    let identity = identity(in: arguments)
    if let unknown = Value.map(identity).unknownParts {
      guard machine.forecast.isMade(unknown) else {
        return machine.foresawNothing(of: id, waitingFor: unknown)
      }
      // What is made by an earlier step is all that there will be of it.
      return foresee(.absent, id, in: &machine)
    }
    guard let read = machine.kernel.plan.api.operations[lookup.operation] else {
      return try start(id, node, in: &machine)
    }
    let (session, access) = try machine.outlook(of: read, at: id, node)
    switch machine.forecast.fate(of: thing(identity, in: session)) {
    case .made(let value, let path)? where ensurance.state == .present:
      return machine.foresaw(
        id, StateChange(.unchanged, reason: "`\(path)` makes it so"), giving: value)
    case .removed(let path)? where ensurance.state == .absent:
      return machine.foresaw(
        id, StateChange(.unchanged, reason: "`\(path)` removes it"),
        giving: .map(lookup.ensuredResult(of: operation)))
    case .removed?: return foresee(.absent, id, in: &machine)
    case .made?, nil: break
    }
    switch access {
    case .closed(let reason): machine.foresawNothing(of: id, because: reason)
    case .empty: foresee(.absent, id, in: &machine)
    case .open: try start(id, node, in: &machine)
    }
  }

  /// What a run would do about what was read.
  func foresee(_ standing: Lookup.Standing, _ id: NodeID, in machine: inout RunMachine) {
    guard let (node, _) = machine.kernel.inProgress(id),
      let arguments = try? arguments(at: node, in: machine)
    else { return }
    machine.works.setEnsuring(nil, of: id)
    if case .absent = standing, !lookup.comparison.holds.isEmpty, ensurance.state == .present,
      let change = changeOfMade(node, arguments, in: machine)
    {
      return foresaw(id, node, change, on: [:], arguments, in: &machine)
    }
    switch EnsureDecision(standing, of: self) {
    case .leave(let record, let change):
      guard change.kind == .unchanged, ensurance.state == .present,
        let unknown = unknownPart(of: arguments)
      else { return foresaw(id, node, change, on: record, arguments, in: &machine) }
      // The rest is as asked, and this cannot be compared yet.
      let change =
        machine.forecast.isMade(unknown.waitsFor)
        ? StateChange(.change, differences: [unknown.difference(from: record, lookup)])
        : StateChange(.unknown, reason: "it depends on \(unknown.waitsFor.phrase)")
      foresaw(id, node, change, on: record, arguments, in: &machine)
    case .act(let change, let record, _):
      foresaw(id, node, change, on: record, arguments, in: &machine)
    case .fail(let failure):
      var change = StateChange(.conflict, reason: failure.message)
      if case .different(let record, let differences) = standing {
        change.differences = differences
        change.reason = "it differs, and the API cannot correct that"
        return foresaw(id, node, change, on: record, arguments, in: &machine)
      }
      foresaw(id, node, change, on: [:], arguments, in: &machine)
    }
  }

  /// What is done to a thing that does not show because an earlier step makes it; nil where none does.
  private func changeOfMade(
    _ node: Node, _ arguments: ValueMap, in machine: RunMachine
  ) -> StateChange? {
    let change = StateChange(operation.effect.change)
    if let unknown = Value.map(identity(in: arguments)).unknownParts {
      return machine.forecast.isMade(unknown) ? change : nil
    }
    return nil
  }

  private func foresaw(
    _ id: NodeID, _ node: Node, _ change: StateChange, on record: ValueMap, _ arguments: ValueMap,
    in machine: inout RunMachine
  ) {
    var change = change.hiding(machine.kernel.secrets)
    let session = machine.outlookSession(of: lookup, at: id, node)
    let thing = thing(identity(in: arguments), in: session)
    var value = lookup.ensuredResult(of: operation, record: record)
    switch change.kind {
    case .unchanged, .drift: break
    case .create:
      value = machine.foreseenResult(
        of: operation, at: node.path,
        knowing: lookup.ensuredResult(of: operation, record: lookup.record(madeBy: arguments)),
        isNew: true)
      for name in lookup.evidence.gives.keys where (value[name] ?? .null) == .null {
        value[name] = machine.forecast.value(of: name, madeBy: node.path)
      }
      machine.forecast.note(.made(.map(value), by: node.path), of: thing)
      if let session, !lookup.evidence.absentOn.isEmpty {
        machine.forecast.note(.empty, in: session)
      }
      if lookup.operation == machine.kernel.plan.api.roles.authenticate {
        machine.noteLogins(after: operation, with: arguments, at: id, node)
        change =
          operation.effect == .create
          ? StateChange(.unknown, reason: "absent, or it has another password")
          : StateChange(operation.effect.change)
      }
    case .change, .conflict, .unknown:
      value = machine.foreseenResult(of: operation, at: node.path, knowing: value, isNew: false)
    case .remove:
      value = machine.foreseenResult(of: operation, at: node.path, knowing: value, isNew: false)
      machine.forecast.note(.removed(by: node.path), of: thing)
    }
    machine.foresaw(id, change, giving: .map(machine.kernel.hidden(value)))
  }

  private func arguments(at node: Node, in machine: RunMachine) throws(WorkFailure) -> ValueMap {
    try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.evaluate(call.arguments, in: node.scope)
    }
  }

  /// What the thing is recognised by.
  private func identity(in arguments: ValueMap) -> ValueMap {
    var identity = ValueMap()
    for own in lookup.identity.keys { identity[own] = arguments[own] }
    return identity
  }

  private func thing(_ identity: ValueMap, in session: SessionID?) -> Forecast.Thing {
    Forecast.Thing(session: session, operation: operation.id, identity: identity)
  }

  /// The first field that would be compared and is not known.
  private func unknownPart(of arguments: ValueMap) -> UnknownField? {
    lookup.comparison.fields.keys.lazy.compactMap { own in
      arguments[own].flatMap { value in
        value.unknownParts.map { UnknownField(name: own, value: value, waitsFor: $0) }
      }
    }.first
  }
}

/// A field of a call that is known only once the run is on its way.
private struct UnknownField {
  let name: String
  let value: Value
  let waitsFor: Unknown

  func difference(from record: ValueMap, _ lookup: Lookup) -> Lookup.Difference {
    let found = lookup.comparison.fields[name].flatMap { record[$0] } ?? .null
    return Lookup.Difference(field: name, asked: value, found: found)
  }
}

extension RunMachine {
  /// The session in which the lookup of a step reads, where it has one.
  fileprivate mutating func outlookSession(
    of lookup: Lookup, at id: NodeID, _ node: Node
  ) -> SessionID? {
    guard let read = kernel.plan.api.operations[lookup.operation] else { return nil }
    return try? outlook(of: read, at: id, node).session
  }
}

extension Lookup {
  /// What the record will show of a thing that is made with `arguments`.
  fileprivate func record(madeBy arguments: ValueMap) -> ValueMap {
    var record = ValueMap()
    for (own, theirs) in identity { record[theirs] = arguments[own] }
    for (own, theirs) in comparison.fields { record[theirs] = arguments[own] }
    return record
  }
}
