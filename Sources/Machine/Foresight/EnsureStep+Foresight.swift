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
    if let problem = impossibility(of: arguments) { throw problem }
    guard machine.takesTurn(id, self, node, giving: arguments) else { return }
    let outlook = Outlook(id: id, path: node.path, arguments: arguments, basis: .nothing)
    if let known = machine.foreseenThing(outlook, of: lookup, node) {
      return foresee(outlook, after: known, in: &machine)
    }
    if let unknown = Value.map(lookup.identity(in: arguments)).unknownParts {
      guard machine.forecast.isMade(unknown), ensurance.state == .present else {
        return machine.foresawNothing(of: id, waitingFor: unknown)
      }
      // What is made by an earlier step is all that there will be of it.
      return foresee(.absent, outlook, in: &machine)
    }
    guard let read = machine.kernel.plan.api.operations[lookup.operation] else {
      return try start(id, node, in: &machine)
    }
    let (owner, access) = try machine.outlook(of: read, at: id, node)
    switch access {
    case .closed(let reason): machine.foresawNothing(of: id, because: reason)
    case .empty: foresee(.absent, outlook, in: &machine)
    case .open:
      if let path = machine.forecast.unboundedChange(of: read.sectionID, of: owner) {
        return machine.foresawNothing(of: id, because: "it depends on what `\(path)` does")
      }
      try start(id, node, in: &machine)
    }
  }

  /// Why there can be no such thing as is asked for; nil where there may be, or where none is wanted.
  ///
  /// The call is not made where the thing is as asked, so that only what identifies it must be right.
  private func impossibility(of arguments: ValueMap) -> WorkFailure? {
    guard ensurance.state == .present else { return nil }
    return lookup.identity.keys.lazy.compactMap { name in
      operation.fields[name]?.objection(to: arguments[name] ?? .null, as: name)
    }.first.map { .impossible(Failure(.invalid, $0.message, operation: operation.id)) }
  }

  /// What a run would do about a thing that an earlier step leaves so.
  private func foresee(
    _ outlook: Outlook, after known: ForeseenThing, in machine: inout RunMachine
  ) {
    let outlook = outlook.basedOn(known)
    switch (ensurance.state, known.isThere) {
    case (.absent, false):
      machine.foresaw(
        outlook.id, StateChange(.unchanged, reason: "`\(known.path)` removes it"),
        giving: .map(lookup.ensuredResult(of: operation)))
    case (.absent, true): foresee(.same(known.record), outlook, in: &machine)
    case (.present, false): foresee(.absent, outlook, in: &machine)
    case (.present, true) where lookup.evidence.shows == .later:
      machine.foresawNothing(of: outlook.id, because: "it depends on what `\(known.path)` leaves")
    case (.present, true):
      switch lookup.standing(
        foreseen: known.record, for: outlook.arguments, of: operation)
      {
      case .same:
        machine.foresaw(
          outlook.id,
          StateChange(
            .unchanged, reason: known.cause(of: lookup.comparedNames(for: outlook.arguments))),
          giving: known.values[operation.id] ?? .map(given(outlook, known.record, in: &machine)))
      case .different(let differences):
        foresee(.different(known.record, differences), outlook, in: &machine)
      case .open(let unknown): foresee(outlook, after: known, waitingFor: unknown, in: &machine)
      }
    }
  }

  /// What a run would do about a thing of which it is not known whether it will be as asked: what is new
  /// is changed.
  private func foresee(
    _ outlook: Outlook, after known: ForeseenThing, waitingFor unknown: Unknown?,
    in machine: inout RunMachine
  ) {
    let isMade = unknown.map(machine.forecast.isMade) ?? !known.isWhole
    guard isMade, unknown != nil || operation.effect == .change else {
      if let unknown { return machine.foresawNothing(of: outlook.id, waitingFor: unknown) }
      return machine.foresawNothing(
        of: outlook.id, because: "it depends on what `\(known.path)` leaves")
    }
    foresaw(outlook, StateChange(.change), on: known.record, in: &machine)
  }

  /// What a run would do about what was read.
  func foresee(_ standing: Lookup.Standing, _ id: NodeID, in machine: inout RunMachine) {
    guard let (node, _) = machine.kernel.inProgress(id),
      let arguments = try? arguments(at: node, in: machine)
    else { return }
    let found = machine.works.ensuring(of: id)?.search.matches.count ?? 0
    machine.works.setEnsuring(nil, of: id)
    let outlook = Outlook(
      id: id, path: node.path, arguments: arguments, basis: found > 1 ? .choice(of: found) : .read)
    // A step beside this one may have come first while this one read.
    if let known = machine.foreseenThing(outlook, of: lookup, node) {
      return foresee(outlook, after: known, in: &machine)
    }
    foresee(standing, outlook, in: &machine)
  }

  /// What a run would do where things stand so.
  private func foresee(
    _ standing: Lookup.Standing, _ outlook: Outlook, in machine: inout RunMachine
  ) {
    if case .absent = standing, case .nothing = outlook.basis, ensurance.state == .present,
      lookup.setsExisting(in: outlook.arguments)
    {
      // An earlier step makes the thing that is changed.
      return foresaw(outlook, StateChange(operation.effect.change), on: [:], in: &machine)
    }
    let asked = machine.kernel.hidden(outlook.arguments)
    switch EnsureDecision(standing, of: self, with: asked, in: machine.kernel.plan.api) {
    case .leave(let record, let change):
      let unknown = change.kind == .unchanged ? unknownChange(outlook, record, machine) : nil
      foresaw(
        outlook,
        unknown
          ?? change.noting(
            record, among: outlook.count, outlook.arguments, lookup), on: record, in: &machine)
    case .act(let change, let record, let recreates):
      foresaw(outlook, change, on: record, recreating: recreates, in: &machine)
    case .fail(let failure):
      var change = StateChange(.conflict, reason: failure.message)
      guard case .different(let record, let differences) = standing else {
        return foresaw(outlook, change, on: [:], in: &machine)
      }
      change.differences = differences
      change.reason = lookup.driftPhrase
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
    _ outlook: Outlook, _ change: StateChange, on record: ValueMap,
    recreating isRecreated: Bool = false, in machine: inout RunMachine
  ) {
    guard let node = machine.kernel.tree.nodes[outlook.id] else { return }
    var change = change.hiding(machine.kernel.secrets)
    var value = lookup.ensuredResult(of: operation, record: record)
    switch change.kind {
    case .unchanged, .drift: break
    case .create:
      value = made(outlook, in: &machine)
      if !lookup.evidence.absentOn.isEmpty,
        let owner = machine.outlookOwner(of: lookup, at: outlook.id, node)
      {
        machine.forecast.note(.empty, of: owner)
      }
    // What is made anew has another id.
    case .change where isRecreated: value = made(outlook, in: &machine)
    case .change, .conflict, .unknown, .remove: value = given(outlook, record, in: &machine)
    }
    let given = Value.map(machine.kernel.hidden(value))
    machine.note(
      isRecreated ? .create : change.kind, outlook, of: self, node, on: record, giving: given)
    if case .conflict = change.kind { machine.noteUnreached(given, at: node) }
    if case .create = change.kind, lookup.operation == machine.kernel.plan.api.roles.authenticate {
      machine.noteLogins(after: operation, with: outlook.arguments, at: outlook.id, node)
      // A refused login says no more than that.
      change = StateChange(.unknown, reason: "absent, or it has another password")
    } else if lookup.operation == machine.kernel.plan.api.roles.authenticate, change.kind == .change
    {
      machine.noteLogins(after: operation, with: outlook.arguments, at: outlook.id, node)
    }
    machine.foresaw(
      outlook.id, change, giving: given,
      observing: outlook.isRead && change.kind != .unknown
        ? found(record, outlook, change, in: machine) : nil,
      touching: outlook.isChoice ? .anything : .oneThing)
  }

  /// What the call gives on a thing that is there, as far as `record` shows it.
  private func given(
    _ outlook: Outlook, _ record: ValueMap, in machine: inout RunMachine
  ) -> ValueMap {
    machine.foreseenResult(
      of: operation, at: outlook.path,
      knowing: lookup.ensuredResult(of: operation, record: record), isNew: false)
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
  /// What says how things stand.
  enum Basis {
    /// The service was read for it.
    case read
    /// The same, and showed so many, of which one was chosen.
    case choice(of: Int)
    /// No read would show anything of it yet.
    case nothing
    /// An earlier step leaves it so.
    case earlier(ForeseenThing)
  }

  let id: NodeID
  let path: StepPath
  let arguments: ValueMap
  var basis: Basis

  var isRead: Bool {
    switch basis {
    case .read, .choice: true
    case .nothing, .earlier: false
    }
  }

  /// Whether what is done says nothing of others of the same identity.
  var isChoice: Bool { if case .choice = basis { true } else { false } }

  /// How many the service showed of that identity.
  var count: Int { if case .choice(let count) = basis { count } else { 1 } }

  /// What an earlier step leaves; nil where none says anything of it.
  var known: ForeseenThing? { if case .earlier(let known) = basis { known } else { nil } }

  func basedOn(_ known: ForeseenThing) -> Outlook {
    var outlook = self
    outlook.basis = .earlier(known)
    return outlook
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
  /// Whose things the lookup of a step reads, where it needs a session.
  fileprivate mutating func outlookOwner(
    of lookup: Lookup, at id: NodeID, _ node: Node
  ) -> Forecast.Owner? {
    guard let read = kernel.plan.api.operations[lookup.operation] else { return nil }
    return try? outlook(of: read, at: id, node).owner
  }

  /// What an earlier step does to the thing that the call is about; nil where none does anything to it, or
  /// it is not known whose it is.
  fileprivate mutating func foreseenThing(
    _ outlook: Outlook, of lookup: Lookup, _ node: Node
  ) -> ForeseenThing? {
    guard let owner = thingOwner(of: lookup, at: outlook.id, node) else { return nil }
    let known = forecast.thing(
      readBy: lookup.operation, of: owner, as: lookup.shownIdentity(in: outlook.arguments))
    // A step that is tried again is not an earlier one.
    return known.flatMap { $0.path == outlook.path ? nil : $0 }
  }

  /// Notes how the call of a step leaves its thing.
  fileprivate mutating func note(
    _ kind: StateChange.Kind, _ outlook: Outlook, of step: EnsureStep, _ node: Node,
    on record: ValueMap, giving value: Value
  ) {
    let (lookup, arguments) = (step.lookup, outlook.arguments)
    guard !outlook.isChoice, let owner = thingOwner(of: lookup, at: outlook.id, node) else {
      return
    }
    let identity = lookup.shownIdentity(in: arguments)
    var thing =
      outlook.known
      ?? ForeseenThing(
        owner: owner, read: lookup.operation, isThere: true, isWhole: outlook.isRead,
        record: record.isEmpty ? identity : record, path: node.path)
    switch kind {
    case .unchanged, .drift, .conflict: return
    case .create:
      (thing.isThere, thing.isWhole, thing.values) = (true, false, [:])
      (thing.maker, thing.record, thing.origins) = (node.path, [:], [:])
      var made = lookup.record(madeBy: arguments)
      for (name, theirs) in lookup.evidence.gives {
        if let given = value.fields?[name], given != .null { made[theirs] = given }
      }
      thing.become(made, by: node.path)
    case .change, .unknown:
      if record.isEmpty { thing.isWhole = false }
      thing.become(lookup.record(changedBy: arguments, from: thing.record), by: node.path)
    case .remove: (thing.isThere, thing.path) = (false, node.path)
    }
    thing.values[step.operation.id] = value
    forecast.note(thing, as: identity)
  }

  /// Notes the thing that a call without `ensure` makes or changes, as far as it is known which; what else
  /// may not be as reads show it.
  mutating func noteThing(
    of operation: Operation, with arguments: ValueMap, at id: NodeID, _ node: Node,
    giving value: Value
  ) -> Forecast.Extent {
    guard let lookup = operation.lookup, lookup.expects == .present, lookup.isUnique,
      lookup.evidence.shows == .done, operation.effect != .remove,
      let owner = thingOwner(of: lookup, at: id, node)
    else { return .anything }
    let identity = lookup.shownIdentity(in: arguments)
    guard identity.names.allSatisfy({ (identity[$0] ?? .null) != .null }),
      Value.map(identity).unknownParts.map(forecast.isMade) ?? true
    else { return .anything }
    var thing =
      forecast.thing(readBy: lookup.operation, of: owner, as: identity)
      ?? ForeseenThing(
        owner: owner, read: lookup.operation, isThere: true, isWhole: false, record: identity,
        path: node.path)
    thing.isThere = true
    if operation.effect == .create { thing.maker = node.path }
    thing.become(lookup.record(changedBy: arguments, from: thing.record), by: node.path)
    thing.values[operation.id] = value
    forecast.note(thing, as: identity)
    return .oneThing
  }

  /// Whose things the lookup reads, where it needs a session; nil where it is not known whose.
  private mutating func thingOwner(
    of lookup: Lookup, at id: NodeID, _ node: Node
  ) -> Forecast.Owner?? {
    guard let read = kernel.plan.api.operations[lookup.operation] else { return .none }
    let owner = outlookOwner(of: lookup, at: id, node)
    return read.authorization == .token && owner == nil ? .none : .some(owner)
  }
}
