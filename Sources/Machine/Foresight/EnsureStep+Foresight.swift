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
    let identity = lookup.identity(in: arguments)
    if let unknown = Value.map(identity).unknownParts {
      guard machine.forecast.isMade(unknown) else {
        return machine.foresawNothing(of: id, waitingFor: unknown)
      }
      // What is made by an earlier step is all that there will be of it.
      return foresee(.absent, id, isRead: false, in: &machine)
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
    case .removed?: return foresee(.absent, id, isRead: false, in: &machine)
    case .made?, nil: break
    }
    switch access {
    case .closed(let reason): machine.foresawNothing(of: id, because: reason)
    case .empty: foresee(.absent, id, isRead: false, in: &machine)
    case .open: try start(id, node, in: &machine)
    }
  }

  /// What a run would do about what was read.
  func foresee(_ standing: Lookup.Standing, _ id: NodeID, in machine: inout RunMachine) {
    foresee(standing, id, isRead: true, in: &machine)
  }

  /// What a run would do where things stand so; without a read, that is certain all the same.
  private func foresee(
    _ standing: Lookup.Standing, _ id: NodeID, isRead: Bool, in machine: inout RunMachine
  ) {
    guard let (node, _) = machine.kernel.inProgress(id),
      let arguments = try? arguments(at: node, in: machine)
    else { return }
    machine.works.setEnsuring(nil, of: id)
    let outlook = Outlook(id: id, path: node.path, arguments: arguments, isRead: isRead)
    if case .absent = standing, !isRead, ensurance.state == .present,
      !lookup.comparison.holds.isEmpty
    {
      // An earlier step makes the thing that is changed.
      return foresaw(outlook, StateChange(operation.effect.change), on: [:], in: &machine)
    }
    switch EnsureDecision(standing, of: self) {
    case .leave(let record, let change):
      let unknown = change.kind == .unchanged ? unknownChange(outlook, record, machine) : nil
      foresaw(outlook, unknown ?? change, on: record, in: &machine)
    case .act(let change, let record, _): foresaw(outlook, change, on: record, in: &machine)
    case .fail(let failure):
      var change = StateChange(.conflict, reason: failure.message)
      guard case .different(let record, let differences) = standing else {
        return foresaw(outlook, change, on: [:], in: &machine)
      }
      change.differences = differences
      change.reason = "it differs, and the API cannot correct that"
      foresaw(outlook, change, on: record, in: &machine)
    }
  }

  /// What happens to a thing that is as asked but for a field that is not known yet; nil where all are
  /// known.
  private func unknownChange(
    _ outlook: Outlook, _ record: ValueMap, _ machine: RunMachine
  ) -> StateChange? {
    guard ensurance.state == .present, let field = unknownField(in: outlook.arguments) else {
      return nil
    }
    return machine.forecast.isMade(field.waitsFor)
      ? StateChange(.change, differences: [field.difference(from: record, lookup)])
      : StateChange(.unknown, reason: "it depends on \(field.waitsFor.phrase)")
  }

  private func foresaw(
    _ outlook: Outlook, _ change: StateChange, on record: ValueMap, in machine: inout RunMachine
  ) {
    guard let node = machine.kernel.tree.nodes[outlook.id] else { return }
    var change = change.hiding(machine.kernel.secrets)
    let session = machine.outlookSession(of: lookup, at: outlook.id, node)
    let thing = thing(lookup.identity(in: outlook.arguments), in: session)
    var value = lookup.ensuredResult(of: operation, record: record)
    switch change.kind {
    case .unchanged, .drift: break
    case .create:
      value = made(outlook, in: &machine)
      machine.forecast.note(.made(.map(value), by: outlook.path), of: thing)
      if let session, !lookup.evidence.absentOn.isEmpty {
        machine.forecast.note(.empty, in: session)
      }
    case .change, .conflict, .unknown:
      value = machine.foreseenResult(of: operation, at: outlook.path, knowing: value, isNew: false)
    case .remove:
      value = machine.foreseenResult(of: operation, at: outlook.path, knowing: value, isNew: false)
      machine.forecast.note(.removed(by: outlook.path), of: thing)
    }
    if case .create = change.kind, lookup.operation == machine.kernel.plan.api.roles.authenticate {
      machine.noteLogins(after: operation, with: outlook.arguments, at: outlook.id, node)
      // A refused login says no more than that.
      change = StateChange(.unknown, reason: "absent, or it has another password")
    } else if lookup.operation == machine.kernel.plan.api.roles.authenticate, change.kind == .change
    {
      machine.noteLogins(after: operation, with: outlook.arguments, at: outlook.id, node)
    }
    machine.foresaw(
      outlook.id, change, giving: .map(machine.kernel.hidden(value)),
      observing: outlook.isRead && change.kind != .unknown
        ? found(record, outlook, change, in: machine) : nil)
  }

  /// What the call gives that makes the thing.
  private func made(_ outlook: Outlook, in machine: inout RunMachine) -> ValueMap {
    var value = machine.foreseenResult(
      of: operation, at: outlook.path,
      knowing: lookup.ensuredResult(
        of: operation, record: lookup.record(madeBy: outlook.arguments)),
      isNew: true)
    for name in lookup.evidence.gives.keys where (value[name] ?? .null) == .null {
      value[name] = machine.forecast.value(of: name, madeBy: outlook.path)
    }
    return value
  }

  /// How the thing was found; nil where several were.
  private func found(
    _ record: ValueMap, _ outlook: Outlook, _ change: StateChange, in machine: RunMachine
  ) -> ObservedThing? {
    guard change.kind != .conflict || record != [:] else { return nil }
    return ObservedThing(
      identity: machine.kernel.hidden(lookup.identity(in: outlook.arguments)),
      fields: record == [:] ? nil : machine.kernel.hidden(lookup.compared(in: record)))
  }

  private func arguments(at node: Node, in machine: RunMachine) throws(WorkFailure) -> ValueMap {
    try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.evaluate(call.arguments, in: node.scope)
    }
  }

  private func thing(_ identity: ValueMap, in session: SessionID?) -> Forecast.Thing {
    Forecast.Thing(session: session, operation: operation.id, identity: identity)
  }

  /// The first field that would be compared and is not known.
  private func unknownField(in arguments: ValueMap) -> UnknownField? {
    lookup.comparison.fields.keys.lazy.compactMap { own in
      arguments[own].flatMap { value in
        value.unknownParts.map { UnknownField(name: own, value: value, waitsFor: $0) }
      }
    }.first
  }
}

/// What is foreseen of a step, and from what.
private struct Outlook {
  let id: NodeID
  let path: StepPath
  let arguments: ValueMap
  /// Whether the service was read for it.
  let isRead: Bool
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
