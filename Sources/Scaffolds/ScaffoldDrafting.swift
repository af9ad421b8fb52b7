import Operations
import OrderedCollections
import Playbooks

/// The parts of a scaffold, as operation after operation is added.
struct ScaffoldDrafting {
  private let api: APIDescription
  /// The session that the playbook has, or nil.
  let session: SessionDraft?
  /// The inputs, by name, in the order of the playbook.
  private(set) var inputs: OrderedDictionary<String, InputDraft> = [:]
  /// The steps, in order.
  private(set) var steps: [StepDraft] = []
  /// By the name of an input, the section and the summary that it was made for.
  private var origins: [String: String] = [:]
  private var ids: Set<String> = []

  init(api: APIDescription, usesSession: Bool) {
    self.api = api
    session = usesSession ? .profile() : nil
    for (name, draft) in session?.inputs ?? [] { inputs[name] = draft }
  }

  /// Adds the steps for one call.
  mutating func add(_ callable: Callable) {
    let state = callable.operation.flatMap { api.ensurableStates(of: $0).first }
    if state == .present { addList(before: callable) }
    var step = StepDraft(callable, state: state, id: freshID(for: callable))
    step.hasSession = session != nil
    step.explainsEnsuring = !steps.contains { $0.state == state }
    for (name, field) in callable.fields {
      if isNeeded(name, field, of: callable, state) {
        step.arguments[name] = argument(name, field, of: callable, in: &step)
      } else {
        step.optional[name] = field
      }
    }
    steps.append(step)
  }

  private func isNeeded(
    _ name: String, _ field: Field, of callable: Callable, _ state: Ensurance.State?
  ) -> Bool {
    field.isRequired || name == callable.choice?.names.last
      || (state != nil && callable.identity.contains(name))
  }

  /// Where several things may have one name, one of it counts only if the list was read before.
  private mutating func addList(before callable: Callable) {
    guard let lookup = callable.operation?.lookup, !lookup.isUnique, lookup.list != nil,
      let read = Callable(lookup.operation, in: api),
      !read.fields.values.contains(where: \.isRequired),
      !steps.contains(where: { $0.callable.id == read.id })
    else { return }
    var step = StepDraft(read, state: nil, id: nil)
    step.hasSession = session != nil
    step.comment =
      "Names need not be unique: what the list does not show yet and shows later, this run made."
    steps.append(step)
  }

  private mutating func freshID(for callable: Callable) -> String {
    let last = callable.id.split(separator: ".").last.map { String($0) } ?? callable.id
    let name = PlaybookName.identifier(last)
    var id = name
    var number = 2
    while !ids.insert(id).inserted {
      id = "\(name)\(number)"
      number += 1
    }
    return id
  }
}

/// Arguments.
extension ScaffoldDrafting {
  /// The expression for a field: what a step before returned, or an input.
  private mutating func argument(
    _ name: String, _ field: Field, of callable: Callable, in step: inout StepDraft
  ) -> String {
    if let (index, source) = source(of: name, field, for: callable) {
      let giver = steps[index]
      steps[index].isUsed = true
      step.condition =
        step.condition ?? giver.condition ?? (source == .sent ? giver.changedExpression : nil)
      return giver.expression(of: name)
    }
    return "inputs.\(input(for: name, field, of: callable))"
  }

  /// What a step offers under a name.
  private enum Offer {
    case always
    /// Only where the call was sent: what an ensured call found has no command.
    case sent
  }

  /// The latest step that offers what the field takes.
  private func source(
    of name: String, _ field: Field, for callable: Callable
  ) -> (index: Int, offer: Offer)? {
    guard PlaybookName.isSpecific(name) || name == "token" else { return nil }
    for (index, step) in steps.enumerated().reversed() where step.id != nil {
      guard name != "token" || step.callable.section == callable.section else { continue }
      if let offer = offer(of: name, field, by: step) { return (index, offer) }
    }
    return nil
  }

  private func offer(of name: String, _ field: Field, by step: StepDraft) -> Offer? {
    if step.state == .absent { return nil }
    let isGiven = step.callable.operation?.lookup?.evidence.gives[name] != nil
    if step.state == .present, isGiven { return .always }
    guard let answer = step.callable.answer[name], answer.isSensitive == field.isSensitive,
      answer.type == field.type
    else { return nil }
    return step.state == nil ? .always : .sent
  }

  /// The name of the input for a field; fields of one meaning share one.
  private mutating func input(
    for name: String, _ field: Field, of callable: Callable
  ) -> String {
    let draft = InputDraft(
      field, named: name, setsPassword: callable.operation?.passwordField == name)
    let plain = PlaybookName.identifier(name)
    let ofSection = PlaybookName.identifier(callable.section) + PlaybookName.capitalized(plain)
    let ofCall =
      PlaybookName.identifier(callable.id.split(separator: ".").last.map { String($0) } ?? "")
      + PlaybookName.capitalized(plain)
    for candidate in [plain, ofSection, ofCall] {
      guard let known = inputs[candidate] else {
        inputs[candidate] = draft
        origins[candidate] = callable.section
        return candidate
      }
      if isSame(known, draft, candidate, of: callable) { return candidate }
    }
    var number = 2
    while inputs["\(ofCall)\(number)"] != nil { number += 1 }
    inputs["\(ofCall)\(number)"] = draft
    return "\(ofCall)\(number)"
  }

  private func isSame(
    _ known: InputDraft, _ draft: InputDraft, _ name: String, of callable: Callable
  ) -> Bool {
    guard known.schema == draft.schema, known.isNew == draft.isNew else { return false }
    guard let origin = origins[name] else {
      // The profile of the session is the one that a call names.
      return callable.section == "profile"
    }
    return PlaybookName.isSpecific(name) || known.summary == draft.summary
      || origin == callable.section
  }
}

/// Outputs.
extension ScaffoldDrafting {
  /// What the steps returned, each under a name of its own.
  var outputs: [(name: String, expression: String)] {
    var outputs: [(name: String, expression: String)] = []
    var names: Set<String> = []
    for step in steps {
      for field in step.offeredFields {
        let plain = PlaybookName.identifier(field)
        let name =
          names.contains(plain) ? "\(step.id ?? "")\(PlaybookName.capitalized(plain))" : plain
        guard names.insert(name).inserted else { continue }
        outputs.append((name, step.expression(of: field, isOptional: step.mayBeEmpty)))
      }
    }
    return outputs
  }
}
