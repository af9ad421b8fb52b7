package import Events
package import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// A plan without reads that is the same for all tenants whose inputs differ in nothing but texts.
///
/// Two plans that were made prove it: their tenants have other texts, and what is printed is equal, so that none of
/// the texts is in it. Nothing else can follow from a text but from its equality with another one, from what a
/// field or input must be, from the secrets that are hidden in all texts, and from files of this machine. `holds`
/// looks at each of these but the last, which whoever may read files compares (`localCalls`).
package struct SharedPlan: Sendable {
  /// What the inputs become.
  package let flows: InputFlows
  private let first: PlanSample
  /// The inputs that may differ.
  private let varying: Set<String>
  /// The texts that differ with them.
  private let texts: [InputText]
  /// All other texts.
  private let others: Set<String>
  private let calls: [ExaminedCall]
  private let played: [PlayedInput]
  /// Everything in which a secret would be hidden.
  private let visible: String
  /// Whether something is hidden in it.
  private let isMasked: Bool

  /// A longer text, in bytes, may be more than an expression is allowed to make.
  private static let longestText = 1024

  /// A call one of whose arguments differs.
  private struct ExaminedCall: Sendable {
    let call: PlanSample.Call
    let texts: OrderedDictionary<String, InputText>
    let objections: [RequestError]

    init(_ call: PlanSample.Call, _ texts: OrderedDictionary<String, InputText>) {
      self.call = call
      self.texts = texts
      objections = call.operation.objections(to: call.arguments)
    }

    /// Whether there is as much against the call where the inputs have other values.
    func isAsGood(with inputs: ValueMap) -> Bool {
      var arguments = call.arguments
      for (name, text) in texts {
        guard let value = text.value(of: inputs) else { return false }
        arguments[name] = value
      }
      return call.operation.objections(to: arguments) == objections
    }
  }

  /// What `first` and `second` prove to be the same, with what `earlier` does of the first; nil where they are
  /// not alike, or that is not known.
  ///
  /// The inputs that decide must be equal in both.
  package init?(
    _ flows: InputFlows, _ first: PlanSample, _ second: PlanSample, after earlier: SharedPlan? = nil
  ) {
    let (inputs, others) = (first.plan.inputs, second.plan.inputs)
    let differing = flows.flowing.filter { inputs[$0] != others[$0] }
    guard !flows.usesRun, first.report == second.report,
      first.isAlike(second, flows.usedResults)
    else { return nil }
    self.flows = flows
    self.first = first
    varying = differing.union(earlier?.varying ?? [])
    let varying = varying
    texts = flows.texts.filter { !$0.inputs.isDisjoint(with: varying) }
    // A text with a secret in it is one, of which a part may be masked wherever it is printed.
    guard !texts.contains(where: { $0.parts.count > 1 && $0.holdsSecret(of: inputs) }) else {
      return nil
    }
    let own = texts.compactMap { $0.text(of: inputs) }
    let theirs = texts.compactMap { $0.text(of: others) }
    // A text that is equal to another one by chance shows in the one sample and not in the other.
    let changed = texts.filter { !$0.inputs.isDisjoint(with: differing) }
    self.others = first.texts.subtracting(own)
    guard self.others == second.texts.subtracting(theirs),
      Set(changed.compactMap { $0.text(of: inputs) })
        .isDisjoint(with: changed.compactMap { $0.text(of: others) })
    else { return nil }
    calls = first.calls.compactMap { call in
      let texts = (flows.arguments[call.path] ?? [:])
        .filter { !$0.value.inputs.isDisjoint(with: varying) }
      return texts.isEmpty ? nil : ExaminedCall(call, texts)
    }
    played = flows.played.filter { !$0.text.inputs.isDisjoint(with: varying) }
    visible = ([first.report.json, first.report.text(TerminalStyle(), .everything)] + self.others)
      .joined(separator: "\n")
    isMasked = visible.contains(Secret.mask)
    guard holds(for: inputs), holds(for: others) else { return nil }
  }

  /// Whether a plan with these inputs is the same, apart from what files of this machine say.
  ///
  /// The inputs that decide must be those of the samples.
  package func holds(for inputs: ValueMap) -> Bool {
    let known = first.plan.inputs
    for name in flows.flowing {
      guard let value = inputs[name] else { return false }
      if varying.contains(name) {
        guard value.text != nil, value.holdsSecret == known[name]?.holdsSecret else {
          return false
        }
      } else if value != known[name] {
        return false
      }
    }
    var seen: Set<String> = []
    for text in texts {
      guard let text = text.text(of: inputs), text.utf8.count <= Self.longestText,
        !others.contains(text), seen.insert(text).inserted
      else { return false }
    }
    return played.allSatisfy { $0.isAccepted(with: inputs) }
      && calls.allSatisfy { $0.isAsGood(with: inputs) } && hidesNothing(of: inputs, seen)
  }

  /// Whether no secret of the inputs is in what is printed, or in another text.
  private func hidesNothing(of inputs: ValueMap, _ texts: Set<String>) -> Bool {
    let secrets = varying.flatMap { inputs[$0]?.secrets ?? [] }
    guard !secrets.isEmpty else { return true }
    // What is hidden already may have been hidden for another tenant's secret.
    guard !isMasked else { return false }
    let scrubber = SecretScrubber(secrets)
    let own = Set(secrets.compactMap { $0.reveal().text })
    return !scrubber.finds(visible) && !texts.contains { !own.contains($0) && scrubber.finds($0) }
  }
}

/// What files of this machine have to do with it.
extension SharedPlan {
  /// The calls of local actions, in their order, whose results must be alike; empty where none of them differs,
  /// and nil where they are not known.
  package var localCalls: [InputFlows.LocalCall]? {
    let differing = flows.localCalls.filter { call in
      call.arguments.values.contains { !($0.text?.inputs.isDisjoint(with: varying) ?? true) }
    }
    guard !differing.isEmpty else { return [] }
    guard !flows.hasOtherFiles else { return nil }
    var performed: [InputFlows.LocalCall] = []
    for call in flows.localCalls {
      guard let result = first.results[call.path] else { return nil }
      if result.outcome != .skipped { performed.append(call) }
    }
    return performed
  }

  /// The result of the step at `path` of the first plan.
  package func result(at path: StepPath) -> StepResult? { first.results[path] }

  /// The inputs of the first plan.
  package var inputs: ValueMap { first.plan.inputs }

  /// Whether nothing follows from a difference in the field `name` of what the step of `call` gives.
  package func disregards(_ name: String, of call: InputFlows.LocalCall) -> Bool {
    guard !call.isExamined, case .step(let id)? = call.path.components.last else { return false }
    return !flows.usedResults.contains(name, of: id)
  }
}

extension InputText {
  /// The text as a value, secret where one of the inputs is.
  func value(of inputs: ValueMap) -> Value? {
    text(of: inputs).map { text in
      let isSecret = self.inputs.contains { inputs[$0]?.holdsSecret ?? false }
      return isSecret ? Value.string(text).hidden : .string(text)
    }
  }
}

extension PlayedInput {
  /// Whether the played playbook takes what the input is given.
  fileprivate func isAccepted(with inputs: ValueMap) -> Bool {
    guard let value = text.value(of: inputs) else { return false }
    return declaration.schema.partObjections(to: value).isEmpty
      && declaration.type.value(from: value, .computed) != nil
  }
}

extension PlanSample {
  /// Whether the steps of both plans ended alike, and gave the same but for what nothing uses.
  fileprivate func isAlike(_ other: PlanSample, _ used: UsedResults) -> Bool {
    guard results.count == other.results.count else { return false }
    return results.allSatisfy { path, result in
      guard let theirs = other.results[path] else { return false }
      return result.isAlike(theirs) { name in
        guard case .step(let id)? = path.components.last else { return false }
        return !used.contains(name, of: id)
      }
    }
  }
}

extension StepResult {
  /// Whether both differ in nothing but fields of the value that are disregarded.
  fileprivate func isAlike(_ other: StepResult, disregarding isUnused: (String) -> Bool) -> Bool {
    guard outcome == other.outcome, notice == other.notice, change == other.change,
      changesBelow == other.changesBelow, outcomes == other.outcomes
    else { return false }
    guard let fields = value.fields, let others = other.value.fields else {
      return value == other.value
    }
    let names = Set(fields.names + others.names)
    return names.allSatisfy { fields[$0] == others[$0] || isUnused($0) }
  }
}
