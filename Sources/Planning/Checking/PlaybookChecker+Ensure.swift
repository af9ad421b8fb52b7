import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// `ensure`, `on-drift` and `match`.
extension PlaybookChecker {
  mutating func checkEnsure(of step: Step) {
    guard let written = step.modifiers.ensure else { return }
    guard let state = written.state else { return reportLone(written) }
    guard case .call(let call) = step.kind else {
      if case .unreadable = step.kind { return }
      return report(
        .misplacedKey, "`ensure` belongs to a step that calls an operation",
        at: state.location, hint: step.kind.hint(without: "ensure"))
    }
    let name = call.operation.value
    guard let operation = api.operations[name] else {
      guard LocalAction(rawValue: name) != nil else { return }
      return report(
        .notEnsurable, "`\(name)` sends nothing, so that no read can show whether it is done",
        at: state.location, hint: "leave `ensure` out")
    }
    let states = api.ensurableStates(of: operation)
    guard let lookup = operation.lookup, !states.isEmpty else {
      let hint = ensurableHint(besides: name)
      return report(
        .notEnsurable, "no read shows what `\(name)` does, so that it cannot be ensured",
        at: state.location, hint: hint)
    }
    guard states.contains(state.value) else {
      return report(
        .notEnsurable, Self.objection(to: state.value, of: name), at: state.location,
        hint: states.first.map { "write `ensure: \($0.rawValue)`" })
    }
    checkIdentity(lookup, call)
    checkDrift(written.onDrift, state.value, lookup, of: name)
    checkMatch(written.match, lookup, of: name)
  }

  /// A read of one thing, or a list of things that is searched by their ids, shows one at most.
  private mutating func checkMatch(
    _ choice: Located<Ensurance.Match>?, _ lookup: Lookup, of name: String
  ) {
    let isByID = lookup.identity.values.contains { $0 == lookup.recordID || $0 == "id" }
    guard let choice, choice.value == .newest, lookup.list == nil || isByID else { return }
    report([
      Diagnostic(
        .needlessKey,
        "`match` decides nothing here: the read never shows several of what `\(name)` is about",
        at: choice.location, hint: "leave `match` out", severity: .warning)
    ])
  }

  /// `on-drift` and `match` say how something is ensured.
  private mutating func reportLone(_ written: WrittenEnsurance) {
    let keys = [("on-drift", written.onDrift?.location), ("match", written.match?.location)]
    for (key, location) in keys {
      guard let location else { continue }
      report(
        .misplacedKey, "`\(key)` belongs to a call with `ensure`", at: location,
        hint: "add `ensure: present`, or leave `\(key)` out")
    }
  }

  private static func objection(to state: Ensurance.State, of name: String) -> String {
    switch state {
    case .present: "`\(name)` removes: afterwards nothing is present"
    case .absent: "no operation removes what `\(name)` makes"
    }
  }

  /// The operations of the same section that can be ensured.
  private func ensurableHint(besides name: String) -> String {
    let section = "\(name.prefix { $0 != "." })."
    let siblings = api.ensurableOperations.filter { $0.hasPrefix(section) }
    guard !siblings.isEmpty else {
      return "`privirun operations ID` shows whether an operation can be ensured"
    }
    return "those that can are \(siblings.map { "`\($0)`" }.joined(separator: ", "))"
  }

  /// A thing is found by its identity, which the call must give.
  private mutating func checkIdentity(_ lookup: Lookup, _ call: Call) {
    let names = lookup.identity.keys
    guard call.hasAllArguments, !names.allSatisfy(call.gives) else { return }
    let given = Self.meantNames(call.arguments, among: names)
    let fields = api.operations[call.operation.value]?.fields
    for name in names where !given.contains(name) || call.givesNull(name) {
      // A field that is required anyway is reported where fields are checked.
      guard let field = fields?[name], !field.isRequired || call.givesNull(name) else { continue }
      report(
        .missingField, "`ensure` looks for it by `\(name)`, which the call does not give",
        at: call.operation.location, hint: "add `\(name)` under `with`: \(field.summary)")
    }
  }

  private mutating func checkDrift(
    _ choice: Located<Ensurance.OnDrift>?, _ state: Ensurance.State, _ lookup: Lookup,
    of name: String
  ) {
    guard let choice, choice.value != .fail else { return }
    let comparison = lookup.comparison
    let needless: String? =
      if state == .absent {
        "what is to be absent is not compared"
      } else if comparison.fields.isEmpty, comparison.holds.isEmpty {
        "the read shows nothing of `\(name)` that could differ"
      } else if lookup.remedies.correction != nil {
        "the API corrects what differs"
      } else {
        nil
      }
    if let needless {
      return report([
        Diagnostic(
          .needlessKey, "`on-drift` decides nothing here: \(needless)",
          at: choice.location, hint: "leave `on-drift` out", severity: .warning)
      ])
    }
    guard !lookup.possibleDrifts.contains(choice.value) else { return }
    report(
      .wrongDrift,
      lookup.remedies.mustFail
        ? "a difference in what `\(name)` sets always fails the step: to replace it may lose data"
        : "`recreate` removes what differs, and no operation removes it",
      at: choice.location,
      hint: lookup.remedies.mustFail
        ? "replace it on purpose, by a call without `ensure`"
        : "`warn` uses it as it is, `fail` stops")
  }
}

extension Step.Kind {
  /// What to do about the modifier `name` of calls on a step that calls nothing itself.
  func hint(without name: String) -> String {
    switch self {
    case .play, .forEach, .parallel, .block: "give it to the calls inside"
    case .call, .assert, .wait, .approve, .unreadable: "leave `\(name)` out"
    }
  }
}

extension Call {
  fileprivate func gives(_ name: String) -> Bool {
    arguments[name] != nil && !givesNull(name)
  }

  fileprivate func givesNull(_ name: String) -> Bool {
    if case .literal(.null, _, _)? = arguments[name]?.value { true } else { false }
  }
}
