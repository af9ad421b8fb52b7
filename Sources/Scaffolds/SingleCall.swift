package import Diagnostics
package import Operations
package import OrderedCollections
package import Playbooks

/// The playbook of a single call, which `privirun call` runs.
///
///     let call = SingleCall(of: callable, ensuring: .present, giving: ["deviceName"], in: api)
///     call.text        // the playbook; each field that is given is an input of it
///     call.inputs      // ["deviceName": "deviceName"]
///     call.objections  // what is wrong with what is given
package struct SingleCall: Sendable {
  /// Who the call acts for.
  package enum Session: Sendable, Hashable {
    case none
    /// A profile that logs in.
    case profile
    /// An application with its tokens.
    case application(refreshes: Bool, expires: Bool)
  }

  /// The text of the playbook.
  package let text: String
  /// By the name of a field, the input that gives it; a misspelt name is that of the field that is meant.
  package let inputs: OrderedDictionary<String, String>
  /// By the key of the session, such as `username`, the input that gives it.
  package let sessionInputs: OrderedDictionary<String, String>
  /// The names that are given and mean no field; `objections` reports them.
  package let unknownNames: Set<String>
  /// How a field is given, such as `deviceName=…`; nil where the call has none.
  package let example: String?
  /// What is wrong, whatever the values are.
  package let objections: [Diagnostic]

  /// The times that a step may have.
  private static let timeouts = Duration.milliseconds(1)...Duration.seconds(168 * 3600)
  /// The id of the only step.
  package static let step = "call"

  /// A call that gives the fields called `names`, and those that it needs; `timeout` is a duration of the
  /// language, from 1 ms to 168 h.
  package init(
    of callable: Callable, ensuring state: Ensurance.State? = nil, giving names: [String] = [],
    as session: Session = .none, timeout: String? = nil, in api: APIDescription
  ) {
    let given = GivenNames(names, of: callable)
    var fields = callable.fields.filter { name, field in
      field.isRequired || given.fields.contains(name)
        || (state != nil && callable.identity.contains(name))
    }
    if let choice = callable.choice, choice.isOpen(in: fields), let name = choice.names.last {
      // Asked for, as required fields are.
      fields[name] = callable.fields[name]
    }
    var drafts: OrderedDictionary<String, InputDraft> = [:]
    var inputs: OrderedDictionary<String, String> = [:]
    for (name, field) in fields {
      let input = PlaybookName.identifier(name)
      inputs[name] = input
      drafts[input] = InputDraft(
        field, named: name, setsPassword: callable.operation?.passwordField == name)
    }
    for (name, field) in given.spellings { inputs[name] = inputs[field] }
    let sessionDraft = SessionDraft(session, besides: Set(drafts.keys))
    var sessionInputs: OrderedDictionary<String, String> = [:]
    for key in ["username", "password", "access-token", "refresh-token", "expires-at"] {
      sessionInputs[key] = sessionDraft?.input(behind: key)
    }
    self.inputs = inputs
    self.sessionInputs = sessionInputs
    unknownNames = Set(names).subtracting(given.fields).subtracting(given.spellings.keys)
    example = callable.fields.elements.first.map { name, field in
      InputDraft(field, named: name).example(for: name)
    }
    let timeoutObjection = timeout.flatMap(Self.objection(toTimeout:))
    objections =
      given.objections + Self.objections(to: state, of: callable, in: api)
      + [timeoutObjection].compactMap(\.self)
    text = Self.text(
      of: callable, objections.isEmpty ? state : nil, fields.keys.map { ($0, inputs[$0] ?? $0) },
      (sessionDraft?.inputs ?? []) + drafts.map { ($0.key, $0.value) }, sessionDraft,
      timeoutObjection == nil ? timeout : nil)
  }

  private static func objections(
    to state: Ensurance.State?, of callable: Callable, in api: APIDescription
  ) -> [Diagnostic] {
    guard let state else { return [] }
    let states = callable.operation.map(api.ensurableStates) ?? []
    guard !states.contains(state) else { return [] }
    let hint =
      states.first.map { "give `--ensure \($0.rawValue)`, or leave it out" }
      ?? "leave `--ensure` out; `privirun operations ID` shows what can be ensured"
    return [
      Diagnostic(
        .notEnsurable, "`\(callable.id)` cannot be ensured to be \(state.rawValue)", at: nil,
        hint: hint)
    ]
  }

  private static func objection(toTimeout text: String) -> Diagnostic? {
    if let time = DurationText.duration(text), timeouts.contains(time) {
      return nil
    }
    return Diagnostic(
      .invalidDuration, "`--timeout` must be between 1ms and 168h, not `\(text)`", at: nil,
      hint: "write integers with the units w, d, h, m, s and ms, such as 1m30s")
  }

  private static func text(
    of callable: Callable, _ state: Ensurance.State?, _ fields: [(name: String, input: String)],
    _ inputs: [(name: String, draft: InputDraft)], _ session: SessionDraft?, _ timeout: String?
  ) -> String {
    var lines = [
      "playbook: 1", "name: \(AuthoredText.name(callable.id))",
      "summary: \(AuthoredText.name(callable.title))",
    ]
    if !inputs.isEmpty {
      lines += ["inputs:"] + inputs.flatMap { $0.draft.lines(named: $0.name).map { "  \($0)" } }
    }
    if let session { lines += session.lines }
    lines += ["steps:", "  - id: \(step)", "    call: \(callable.id)"]
    if !fields.isEmpty {
      lines.append("    with:")
      lines += fields.map { "      \(YAMLWriter.scalar($0.name)): ${{ inputs.\($0.input) }}" }
    }
    if let state { lines.append("    ensure: \(state.rawValue)") }
    if let timeout { lines.append("    timeout: \(timeout)") }
    lines += outputs(of: callable, state)
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the call returned, and whether an ensured one changed something.
  private static func outputs(of callable: Callable, _ state: Ensurance.State?) -> [String] {
    var names = Array(callable.answer.keys)
    if state != nil {
      names += callable.operation?.lookup?.evidence.gives.keys.filter { !names.contains($0) } ?? []
    }
    if state != nil, !names.contains("changed") { names.append("changed") }
    let outputs = names.filter { PlaybookName.identifier($0) == $0 || $0 == "changed" }
    guard !outputs.isEmpty else { return [] }
    return ["outputs:"] + outputs.map { "  \($0): ${{ steps.\(step).\($0) }}" }
  }
}

extension SessionDraft {
  /// The session that a call names; nil for none.
  fileprivate init?(_ session: SingleCall.Session, besides taken: Set<String>) {
    switch session {
    case .none: return nil
    case .profile: self = .profile(besides: taken)
    case .application(let refreshes, let expires):
      self = .application(refreshes: refreshes, expires: expires, besides: taken)
    }
  }
}

extension Callable.Choice {
  /// Whether none of the fields is among `fields`.
  fileprivate func isOpen(in fields: OrderedDictionary<String, Field>) -> Bool {
    names.allSatisfy { fields[$0] == nil }
  }
}

/// The names of fields that a person gave.
private struct GivenNames {
  /// The fields that are given or meant.
  private(set) var fields: Set<String> = []
  /// By a misspelt name, the field that is meant.
  private(set) var spellings: OrderedDictionary<String, String> = [:]
  private(set) var objections: [Diagnostic] = []

  init(_ names: [String], of callable: Callable) {
    let known = callable.fields.keys
    for name in OrderedSet(names) {
      guard callable.fields[name] == nil else {
        fields.insert(name)
        continue
      }
      let otherwise = callable.fields.first { $0.value.alsoKnownAs.contains(name) }?.key
      let meant = otherwise ?? nearestName(to: name, among: known)
      if let meant, !names.contains(meant) {
        fields.insert(meant)
        spellings[name] = meant
      }
      let all = known.map { "`\($0)`" }.joined(separator: ", ")
      objections.append(
        Diagnostic(
          .unknownField, "`\(callable.id)` has no field `\(name)`", at: nil,
          hint: otherwise.map { "here it is called `\($0)`" } ?? didYouMean(name, among: known)
            ?? (known.isEmpty ? "it takes none" : "it takes \(all)")))
    }
    guard case .exactlyOne(let either)? = callable.choice else { return }
    let several = either.filter(fields.contains)
    guard several.count > 1 else { return }
    let text = either.map { "`\($0)`" }.joined(separator: " and ")
    objections.append(
      Diagnostic(
        .unknownField, "`\(callable.id)` needs exactly one of \(text)", at: nil))
  }
}
