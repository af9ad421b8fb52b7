import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// `undo`.
extension PlaybookChecker {
  /// What takes a step back, whose steps see its result; nil where nothing does, or it can be no part of a
  /// plan.
  mutating func checkUndo(of step: Step, in scope: NameScope) -> PlannedUndo? {
    guard let undo = step.modifiers.undo, canStand(undo, beside: step, in: scope) else {
      return nil
    }
    switch undo.kind {
    case .auto: return removal(of: step, undo.location)
    case .steps(let steps):
      let (outer, changing) = (facts.undoUses, facts.changingSteps)
      facts.undoUses = UsedValues()
      defer {
        facts.undoUses = outer
        facts.changingSteps = changing
      }
      let enclosure = StepIndex.Enclosure(kind: .undo, step: step.location)
      let planned = check(steps, in: scope.outside(step.id).inside(enclosure))
      return planned.map {
        PlannedUndo(.steps($0), uses: facts.undoUses ?? UsedValues(), location: undo.location)
      }
    }
  }

  private mutating func canStand(
    _ undo: WrittenUndo, beside step: Step, in scope: NameScope
  ) -> Bool {
    guard !scope.enclosures.contains(where: { $0.kind == .undo }) else {
      report(
        .misplacedKey, "`undo` stands inside `undo`, and what is undone is not undone again",
        at: undo.location, hint: "leave it out")
      return false
    }
    switch step.kind {
    case .unreadable, .play, .forEach, .parallel, .block: return true
    case .call(let call):
      guard let operation = api.operations[call.operation.value], !operation.hasEffect else {
        return true
      }
      report(
        .needlessKey, "`\(operation.id)` changes nothing that could be undone", at: undo.location,
        hint: "leave `undo` out", severity: .warning)
      return true
    case .assert, .wait, .approve:
      report(
        .misplacedKey, "this step changes nothing that could be undone", at: undo.location,
        hint: "`undo` goes with calls, plays and groups: leave it out")
      return false
    }
  }

  // MARK: Auto

  private mutating func removal(of step: Step, _ location: SourceLocation) -> PlannedUndo? {
    guard case .call(let call) = step.kind else {
      if case .unreadable = step.kind { return nil }
      report(
        .noInverse, "`undo: auto` belongs to a step that calls an operation", at: location,
        hint: "give it to the calls inside, or write the steps that undo")
      return nil
    }
    let name = call.operation.value
    guard let operation = api.operations[name] else {
      guard LocalAction(rawValue: name) != nil else { return nil }
      report(
        .noInverse, "no operation undoes `\(name)`, which works on this machine", at: location,
        hint: "write the steps that undo it, or leave `undo` out")
      return nil
    }
    if let state = step.modifiers.ensure?.state, state.value == .absent {
      report(
        .noInverse, "`ensure: absent` creates nothing that `undo: auto` could remove",
        at: location, hint: "write the steps that undo it, or leave `undo` out")
      return nil
    }
    let isEnsured = step.modifiers.ensure != nil
    do throws(NoInverse) {
      return PlannedUndo(
        .removal(try api.removal(of: operation, for: call, isEnsured: isEnsured)),
        location: location)
    } catch {
      report(.noInverse, error.message, at: location, hint: error.hint)
      return nil
    }
  }
}

/// Why `undo: auto` cannot undo a call.
private struct NoInverse: Error {
  static let otherwise = "write the steps that undo it, or leave `undo` out"

  let message: String
  let hint: String
}

extension APIDescription {
  fileprivate func removal(
    of operation: Operation, for call: Call, isEnsured: Bool
  ) throws(NoInverse) -> [PlannedRemoval] {
    guard let lookup = operation.lookup, lookup.expects == .present,
      !lookup.remedies.removal.isEmpty
    else {
      throw NoInverse(
        message: "no operation of the API is known to undo `\(operation.id)`",
        hint: NoInverse.otherwise)
    }
    guard isEnsured || operation.effect == .create else {
      throw NoInverse(
        message:
          "`\(operation.id)` may find what it sets as it is, so that `undo: auto` could undo too much",
        hint: "add `ensure: present`: then only what the step itself did is undone")
    }
    var removals: [PlannedRemoval] = []
    for remedy in lookup.remedies.removal {
      guard let remover = operations[remedy.operation] else { continue }
      var fields: OrderedDictionary<String, PlannedRemoval.Source> = [:]
      for (field, theirs) in remedy.fields {
        guard
          let source = lookup.source(of: theirs, from: operation, call, isEnsured: isEnsured)
        else {
          throw lookup.absence(
            of: theirs, as: field, from: operation, neededBy: remover, isEnsured: isEnsured)
        }
        fields[field] = source
      }
      removals.append(PlannedRemoval(operation: remover, fields: fields))
    }
    return removals
  }
}

extension Lookup {
  /// Whether the result of an ensured call has what its record calls `theirs`.
  fileprivate func givesWhenDone(_ theirs: String) -> Bool {
    evidence.shows == .done && evidence.gives.values.contains(theirs)
  }

  /// Where a call surely finds what a record of what it created calls `theirs`; nil where it may not know it.
  ///
  /// An argument that the call needs counts also where it lacks it, which is an error of its own.
  fileprivate func source(
    of theirs: String, from operation: Operation, _ call: Call, isEnsured: Bool
  ) -> PlannedRemoval.Source? {
    if isEnsured, givesWhenDone(theirs),
      let own = evidence.gives.first(where: { $0.value == theirs })?.key
    {
      return .result(own)
    }
    if operation.answer[theirs]?.isRequired ?? false { return .result(theirs) }
    guard isUnique, let own = identity.first(where: { $0.value == theirs })?.key,
      call.arguments[own] != nil || operation.fields[own]?.isRequired ?? false
    else { return nil }
    return .argument(own)
  }

  /// Why a call may not know what its record calls `theirs`, and `remover` calls `field`.
  fileprivate func absence(
    of theirs: String, as field: String, from operation: Operation, neededBy remover: Operation,
    isEnsured: Bool
  ) -> NoInverse {
    if evidence.shows == .later, evidence.gives.values.contains(theirs) {
      return NoInverse(
        message: """
          the result of `\(operation.id)` does not hold what `\(remover.id)` needs: it gives \
          `\(theirs)` only where it finds what was there before
          """,
        hint: "give `undo` to the later step whose result or arguments hold it")
    }
    let may = operation.answer[theirs] == nil ? "does" : "may"
    return NoInverse(
      message: """
        the result of `\(operation.id)` \(may) not hold what `\(remover.id)` needs: `\(field)`
        """,
      hint: !isEnsured && givesWhenDone(theirs)
        ? "add `ensure: present`, whose read gives it" : NoInverse.otherwise)
  }
}
