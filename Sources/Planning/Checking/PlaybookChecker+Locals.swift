import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// `let`: values by name.
extension PlaybookChecker {
  /// The place where `locals` are bound, each of which sees those before it.
  mutating func bind(
    _ locals: OrderedDictionary<String, LocalValue>, in scope: NameScope
  ) -> NameScope {
    var inner = scope
    for (name, local) in locals {
      inner = inner.binding(
        name, inferred(local.value, in: inner), of: local)
    }
    return inner
  }

  /// Reports those of `locals` that nothing used.
  mutating func reportUnused(_ locals: OrderedDictionary<String, LocalValue>) {
    for (name, local) in locals
    where !facts.usedLocals.contains(local.location) && !facts.unread.words.contains(name) {
      report(
        .unusedName, "`\(name)` is never used", at: local.location,
        hint: "leave it out", severity: .warning)
    }
  }

  private mutating func inferred(_ value: Template, in scope: NameScope) -> InferredValue {
    var taint = self.taint(of: value, in: scope)
    if taint == .open, isSecret(value, in: scope) { taint = .secret }
    return InferredValue(check(value, in: scope).withoutAttributes, taint)
  }
}

/// The values that a playbook names at its top, by when they are known.
struct PlaybookLocals {
  /// Those that are known before the first step.
  private(set) var early: OrderedDictionary<String, LocalValue> = [:]
  /// Those that need results of steps, by the index of the step of the playbook after which they are known.
  private(set) var afterSteps: [Int: OrderedDictionary<String, LocalValue>] = [:]
  /// What is known of each of the latter.
  private(set) var late: [String: Late] = [:]

  /// A value that needs results of steps.
  struct Late: Sendable {
    /// The step of the playbook after which it is known, by index.
    let index: Int
    /// The id of the last step that it needs.
    let step: String
    /// Where its name stands.
    let location: SourceLocation
  }

  init(of playbook: Playbook) {
    // Most playbooks name nothing, and their steps may be many.
    guard !playbook.locals.isEmpty else { return }
    let indices = Self.indices(of: playbook.steps)
    for (name, local) in playbook.locals {
      let references = local.value.expressions.flatMap(\.references)
      let needed = references.compactMap { reference -> Late? in
        guard reference.variable == "steps" else { return late[reference.variable] }
        guard let id = reference.path.first else {
          // The results of all steps are meant.
          let last = playbook.steps.indices.last ?? 0
          let id = playbook.steps.last?.id ?? "step-\(last + 1)"
          return Late(index: last, step: id, location: local.location)
        }
        // A step that there is none of is reported where it is named.
        return indices[id].map { Late(index: $0, step: id, location: local.location) }
      }.max { $0.index < $1.index }
      guard let needed else {
        early[name] = local
        continue
      }
      late[name] = Late(index: needed.index, step: needed.step, location: local.location)
      afterSteps[needed.index, default: [:]][name] = local
    }
  }

  /// The index of the step of the playbook that is each step, or that each step is inside.
  private static func indices(of steps: [Step]) -> [String: Int] {
    var indices: [String: Int] = [:]
    for (index, step) in steps.enumerated() {
      for id in StepIndex(of: [step]).places.keys where indices[id] == nil { indices[id] = index }
    }
    return indices
  }
}
