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
        name, inferred(local.value, in: inner), definedAt: local.location)
    }
    return inner
  }

  /// The same for those of a whole playbook, which are known before its first step.
  mutating func bindLocals(of playbook: Playbook, in scope: NameScope) -> NameScope {
    var inner = scope
    for (name, local) in playbook.locals {
      guard let early = local.value.references(to: "steps").first else {
        inner = bind([name: local], in: inner)
        continue
      }
      report(
        .unavailableName, "`\(name)` is evaluated before the first step and cannot use `steps`",
        at: early.location, hint: "put it under `let` of the first step that needs it")
      inner = inner.binding(name, .nothing, definedAt: local.location)
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
