import Events
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// What follows from how what there is compares with what is asked.
enum EnsureDecision: Sendable, Hashable {
  /// Nothing is sent.
  case leave(ValueMap, StateChange)
  /// The change is made, on the record that was found.
  case act(StateChange, on: ValueMap, recreates: Bool)
  case fail(Failure)

  /// The decision on the thing of a call with `arguments`, in which secrets are marked as such.
  init(
    _ standing: Lookup.Standing, of step: EnsureStep, with arguments: ValueMap,
    in api: APIDescription
  ) {
    switch (step.ensurance.state, standing) {
    case (.present, .same(let record)): self = .leave(record, StateChange(.unchanged))
    case (.absent, .absent): self = .leave([:], StateChange(.unchanged))
    case (.present, .absent) where !step.lookup.setsExisting(in: arguments):
      let makes: StateChange.Kind = step.operation.effect == .change ? .change : .create
      self = .act(StateChange(makes), on: [:], recreates: false)
    case (.present, .absent): self = .fail(Self.missing(step.lookup.identity(in: arguments), step))
    case (.present, .different(let record, let differences)):
      self = Self.correction(of: record, differences, step, api)
    case (.absent, .same(let record)), (.absent, .different(let record, _)):
      self = .act(StateChange(.remove), on: record, recreates: false)
    case (_, .several(let records)): self = .fail(Self.several(records, step))
    case (.present, .unreadable) where step.lookup.remedies.correction == .itself:
      self = .act(
        StateChange(.change, reason: "the service does not show it"), on: [:], recreates: false)
    case (_, .unreadable):
      self = .fail(
        Failure(
          .malformed, "`\(step.lookup.operation)` answers in a form that does not show it",
          operation: step.operation.id))
    }
  }

  private static func correction(
    of record: ValueMap, _ differences: [Lookup.Difference], _ step: EnsureStep,
    _ api: APIDescription
  ) -> EnsureDecision {
    guard step.lookup.remedies.correction == nil else {
      return .act(
        StateChange(.change, differences: differences), on: record, recreates: false)
    }
    switch step.ensurance.onDrift {
    case .warn:
      return .leave(record, StateChange(.drift, differences: differences))
    case .recreate:
      return .act(
        StateChange(
          .change, differences: differences, reason: api.recreationPhrase(of: step.lookup)),
        on: record, recreates: true)
    case .fail: return .fail(Self.drift(differences, step))
    }
  }

  private static func drift(
    _ differences: [Lookup.Difference], _ step: EnsureStep
  ) -> Failure {
    Failure(
      .expectation,
      "\(step.lookup.driftPhrase): " + differences.map(\.phrase).joined(separator: ", "),
      hint: step.lookup.remedies.mustFail
        ? "find out where the difference comes from; of a key, docs/keys.md says what may have happened"
        : "correct it at the service or in the playbook, or say `on-drift: warn`",
      operation: step.operation.id)
  }

  /// There is nothing whose state could be set.
  private static func missing(_ identity: ValueMap, _ step: EnsureStep) -> Failure {
    let names = identity.names.map { "`\($0)`" }
    let facts = identity.names.map { name in
      let value = identity[name] ?? .null
      return "`\(name)` is \(value.holdsSecret ? "the given one" : value.displayText)"
    }
    return Failure(
      .expectation,
      "`\(step.lookup.operation)` shows "
        + (facts.isEmpty ? "nothing to change" : "none whose \(facts.joined(separator: " and "))"),
      hint: names.isEmpty
        ? "create it in an earlier step"
        : "correct \(names.joined(separator: " and ")), or create it in an earlier step",
      operation: step.operation.id)
  }

  private static func several(_ records: [ValueMap], _ step: EnsureStep) -> Failure {
    Failure(
      .expectation, step.lookup.enumeration(of: records),
      hint: "remove all but one, or say which is meant with `match: newest`",
      operation: step.operation.id)
  }
}

extension APIDescription {
  /// That a thing is removed and created again, and which operations' work on it is lost with it: that
  /// of those which the removal undoes first.
  fileprivate func recreationPhrase(of lookup: Lookup) -> String {
    let undoing = Set(lookup.remedies.removal.dropLast().map(\.operation))
    let lost = operations.values.filter { operation in
      operation.lookup?.remedies.removal.last.map { undoing.contains($0.operation) } ?? false
    }.map { "`\($0.id)`" }
    guard !lost.isEmpty else { return "it is removed and created again" }
    return
      "it is removed and created again, and what \(lost.joined(separator: " and ")) did for it is lost"
  }
}

extension Lookup {
  /// What is said of a difference that nothing corrects.
  var driftPhrase: String {
    remedies.mustFail
      ? "it differs, and is never replaced" : "it differs, and the API cannot correct that"
  }

  /// How many identifiers are listed at most.
  private static let mostListed = 10

  /// What several records have in common, and what identifies each of them: `there are 2 whose `name` is
  /// x: 7 and 8`.
  func enumeration(of records: [ValueMap]) -> String {
    let common = identity.map { own, theirs in
      let value = records.first?[theirs] ?? .null
      return "`\(own)` is \(value.holdsSecret ? "the same" : value.displayText)"
    }
    let phrase = "there are \(records.count) whose \(common.joined(separator: " and "))"
    let names = recordID.map { name in
      records.compactMap { $0[name] }.filter { $0 != .null && !$0.holdsSecret }.map(\.displayText)
    }
    guard let names, let last = names.last else { return phrase }
    guard names.count <= Self.mostListed else {
      let listed = names.prefix(Self.mostListed).joined(separator: ", ")
      return "\(phrase): \(listed) and \(names.count - Self.mostListed) more"
    }
    guard names.count > 1 else { return "\(phrase): \(last)" }
    return "\(phrase): \(names.dropLast().joined(separator: ", ")) and \(last)"
  }
}

extension StateChange {
  /// The same, where it says that nothing differs, with what could not be compared, or that it is the
  /// newest of `count`.
  func noting(
    _ record: ValueMap, among count: Int, _ arguments: ValueMap, _ lookup: Lookup
  ) -> StateChange {
    guard kind == .unchanged, reason == nil else { return self }
    guard count < 2 else { return StateChange(.unchanged, reason: "it is the newest of \(count)") }
    let names = lookup.uncompared(record, with: arguments).map { "`\($0)`" }
    guard !names.isEmpty else { return self }
    var change = self
    change.reason =
      "\(names.joined(separator: " and ")) cannot be compared: the service shows "
      + (names.count == 1 ? "it in another form" : "them in another form")
    return change
  }
}

extension Lookup.Difference {
  /// The difference as a failure says it, and a plan: `size: 4 (asked: 1)`; secrets are not shown.
  fileprivate var phrase: String {
    guard !asked.holdsSecret, !found.holdsSecret else { return "\(field): another value" }
    let found = found == .null ? "(none)" : found.displayText
    return "\(field): \(found) (asked: \(asked.displayText))"
  }
}

extension Lookup.Standing {
  /// The record of what is as asked, or nil when it is not; an empty one of what is gone.
  func record(asAskedBy ensurance: Ensurance, _ lookup: Lookup) -> ValueMap? {
    switch (ensurance.state, self) {
    case (.present, .same(let record)): record
    case (.absent, .absent): [:]
    case _: nil
    }
  }
}

extension StateChange {
  /// The same with every secret in it marked as such.
  func hiding(_ secrets: SecretScrubber) -> StateChange {
    var change = self
    change.differences = differences.map { difference in
      Lookup.Difference(
        field: difference.field, asked: secrets.hide(in: difference.asked),
        found: secrets.hide(in: difference.found))
    }
    return change
  }
}
