import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// A call in a plan: what it would do is said, and a read is made if it shows what will be.
extension OperationStep {
  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let arguments = try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.evaluate(call.arguments, in: node.scope)
    }
    if let problem = operation.impossibility(of: arguments) { throw problem }
    guard !operation.hasEffect else {
      if let unknown = Value.map(arguments).unknownParts, !machine.isReached(id, for: unknown) {
        return machine.foresawNothing(of: id, waitingFor: unknown)
      }
      machine.noteLogins(after: operation, with: arguments, at: id, node)
      let value = Value.map(
        machine.foreseenResult(of: operation, at: node.path, isNew: operation.effect == .create))
      return machine.foresaw(
        id, StateChange(operation.effect.change), giving: value,
        touching: machine.noteThing(of: operation, with: arguments, at: id, node, giving: value))
    }
    guard try machine.canRead(by: operation, call, at: id, node) else {
      guard let target = operation.target(arguments) else { return machine.leftUnread(id) }
      return foresee(target, id, node, in: &machine)
    }
    try start(id, node, in: &machine)
  }

  /// The call would write its data to the file `target`; what it holds is known once it is there.
  private func foresee(
    _ target: Value, _ id: NodeID, _ node: Node, in machine: inout RunMachine
  ) {
    var result = machine.foreseenResult(of: operation, at: node.path, isNew: false)
    var change = StateChange(.unknown, isLocal: true)
    if let path = LocalFile.path(of: target) {
      let content = Unknown("\(node.path).file")
      machine.works.plannedFiles.add(path, from: content)
      result["file"] = LocalFile.value(path: path, size: .unknown(content))
      change.reason = "it writes `\(path)`"
    } else if let unknown = target.unknownParts {
      change.reason = "it writes a file, and which one depends on \(unknown.phrase)"
    }
    machine.foresaw(
      id, change.hiding(machine.kernel.secrets), giving: .map(machine.kernel.hidden(result)))
  }
}

extension Operation {
  /// The file that the call wants its data written to: a path, a file, or not known yet.
  fileprivate func target(_ arguments: ValueMap) -> Value? {
    guard let value = field(of: .target).flatMap({ arguments[$0] }),
      LocalFile.path(of: value) != nil || value.holdsUnknown
    else { return nil }
    return value
  }
}

extension RunMachine {
  /// Whether a read of a plan can be made, and shows what will be when it is the step's turn.
  ///
  /// Throws the refusal of a read of which it is known that there is nothing to be read.
  mutating func canRead(
    by operation: Operation, _ call: PlannedCall, at id: NodeID, _ node: Node
  ) throws(WorkFailure) -> Bool {
    let (owner, access) = try outlook(of: operation, at: id, node)
    switch access {
    case .closed: return false
    case .empty:
      guard let status = kernel.plan.api.absenceStatus(of: operation) else { return false }
      let failure = Failure(
        .rejected, "there is nothing to read yet", status: status, operation: operation.id)
      throw WorkFailure(failure, effect: .settled)
    case .open: break
    }
    let arguments = try WorkFailure.orSettled { () throws(Failure) in
      try kernel.tree.evaluate(call.arguments, in: node.scope)
    }
    // A read that is not quiet does something as well, which only a run may do.
    guard operation.isQuiet, case .http = operation.completion else { return false }
    return !Value.map(arguments).holdsUnknown
      && forecast.change(of: operation.sectionID, of: owner) == nil
  }

  /// What a call of `operation` gives that is not made: as far as `known` says, and unknown otherwise;
  /// a new thing has what is unknown of it from the step alone.
  mutating func foreseenResult(
    of operation: Operation, at path: StepPath, knowing known: ValueMap = [:], isNew: Bool
  ) -> ValueMap {
    var result = known
    for name in operation.answer.keys where (known[name] ?? .null) == .null {
      result[name] =
        isNew
        ? forecast.value(of: name, madeBy: path) : .unknown(Unknown("\(path).\(name)"))
    }
    return result
  }

  /// Notes who cannot log in before the call is made: a new profile, or one with a new password.
  mutating func noteLogins(
    after operation: Operation, with arguments: ValueMap, at id: NodeID, _ node: Node
  ) {
    guard let lookup = operation.lookup,
      lookup.operation == kernel.plan.api.roles.authenticate,
      let step = kernel.tree.step(id),
      let read = kernel.plan.api.operations[lookup.operation],
      let fields = self.fields(of: read, lookup, for: arguments, node, step),
      let username = fields["username"]?.revealed.text, let password = fields["password"]
    else { return }
    let access: Forecast.Access =
      operation.effect == .create
      ? .empty : .closed(reason: "the password is set by `\(node.path)`")
    forecast.note(access, of: .profile(username: username, password: Secret(password)))
  }
}

extension Operation.Effect {
  /// The change that a call with this effect makes.
  var change: StateChange.Kind {
    switch self {
    case .none: .unchanged
    case .create: .create
    case .change: .change
    case .remove: .remove
    }
  }
}

extension APIDescription {
  /// The status with which `read` is refused while there is nothing to be read, where it is.
  fileprivate func absenceStatus(of read: Operation) -> Int? {
    operations.values.lazy.compactMap(\.lookup)
      .first { $0.operation == read.id && !$0.evidence.absentOn.isEmpty }?
      .evidence.absentOn.last
  }
}
