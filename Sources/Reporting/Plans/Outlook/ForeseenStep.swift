package import Events
package import Expressions
package import Operations
import OrderedCollections
package import Planning
import Playbooks

/// A step of a plan that has no steps of its own, as far as making the plan showed what it will do.
package struct ForeseenStep: Sendable, Hashable {
  /// Whether it will be carried out.
  package enum Fate: Sendable, Hashable {
    case certain
    /// What decides it is known only in the run.
    case possible
    /// It is as asked already, is skipped or failed.
    case never
  }

  /// Where it stands; below a step that is not known to begin, without the numbers of rounds.
  package let path: StepPath
  /// What it is.
  package let step: PlannedStep
  /// Whether it will be carried out.
  package let fate: Fate
  /// Whether it is as asked already, so that nothing is done.
  package let isAsAsked: Bool
  /// What a call is given, as far as it is known before; empty where nothing follows from it.
  package let arguments: ValueMap
  /// What later steps see of it.
  package let value: Value
  /// Whose session it uses.
  package let session: ForeseenSession
  /// The operations that it sends, or may send; none where it will never be carried out.
  package let operations: [Operation]

  /// The operation of its call, which another one may carry out where it is ensured.
  package var operation: Operation? { step.operation }
}

/// Whose session a step uses, as far as it is known before.
package enum ForeseenSession: Sendable, Hashable {
  case none
  /// A profile that logs in.
  case profile(username: String, password: Secret)
  /// An application with tokens that it was given.
  case application(accessToken: Secret, isRenewed: Bool, expiresAt: Value)
  /// Its credentials are known only in the run.
  case unknown
}

extension PlannedStep {
  /// The operation of its call; nil for one on this machine, and for other kinds of steps.
  package var operation: Operation? {
    guard case .call(let call) = kind, case .operation(let operation) = call.target else {
      return nil
    }
    return operation
  }

  /// What its call is given.
  var arguments: OrderedDictionary<String, Template> {
    if case .call(let call) = kind { call.arguments } else { [:] }
  }

  /// The operations that it may send, reads left out, whatever it finds.
  func effects(in api: APIDescription) -> [Operation] {
    StateChange.Kind.allCases.reduce(into: []) { all, change in
      for operation in effects(making: change, in: api)
      where !all.contains(where: { $0.id == operation.id }) {
        all.append(operation)
      }
    }
  }

  /// The operations that it sends to make a change of this kind; nil is that of a call that changes
  /// nothing.
  func effects(making change: StateChange.Kind?, in api: APIDescription) -> [Operation] {
    guard let operation else { return [] }
    guard let ensurance = modifiers.ensure, let lookup = operation.lookup else {
      switch change {
      case .create?, .change?, .remove?, .unknown?, nil: return [operation]
      case .unchanged?, .drift?, .conflict?: return []
      }
    }
    let removal =
      lookup.expects == .absent
      ? [operation] : lookup.remedies.removal.compactMap { api.operations[$0.operation] }
    switch (change, lookup.remedies.correction) {
    case (.create?, _): return [operation]
    case (.remove?, _): return removal
    case (.change?, .other(let remedy)?):
      return [api.operations[remedy.operation]].compactMap(\.self)
    case (.change?, .itself?): return [operation]
    case (.change?, nil):
      return ensurance.onDrift == .recreate && operation.effect == .create
        ? removal + [operation] : [operation]
    case (.unknown?, _):
      return ensurance.state == .absent ? removal : [operation]
    case (.unchanged?, _), (.drift?, _), (.conflict?, _), (nil, _): return []
    }
  }
}
