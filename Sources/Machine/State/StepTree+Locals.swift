import Events
import Expressions
import OrderedCollections
import Planning
import Playbooks

/// `let`, and what else a step has a scope of its own for.
extension StepTree {
  /// The scope of a step inside `outer`: one of its own where it binds names, or names the session of the
  /// steps inside it.
  ///
  /// Results are seen in the scopes around it, too, as without it.
  mutating func ownScope(of step: PlannedStep, inside outer: ScopeID) -> ScopeID {
    guard step.hasOwnScope, let scope = scopes[outer] else { return outer }
    let id = nextScope()
    var inner = self.scope(of: step, inside: scope)
    inner.ownResults = ValueMap()
    inner.publishesTo = outer
    if step.kind.isGroup {
      switch step.modifiers.session {
      case .default: break
      case .none: inner.session = Scope.DefaultSession(credentials: nil, scope: id)
      case .own(let credentials):
        inner.session = Scope.DefaultSession(credentials: credentials, scope: id)
      }
    }
    scopes[id] = inner
    return id
  }

  /// What the expressions of `step` see where it stands in `scope`.
  func scope(of step: PlannedStep, inside scope: Scope) -> Scope {
    var inner = scope
    bind(step.modifiers.locals, in: &inner)
    return inner
  }

  /// Binds each of `locals` in its order; one that has no value is remembered with the reason.
  func bind(_ locals: OrderedDictionary<String, LocalValue>, in scope: inout Scope) {
    for (name, local) in locals {
      do throws(Failure) {
        scope.variables[name] = try evaluate(local.value, in: scope).withoutAttributes
        scope.flaws[name] = nil
      } catch {
        scope.variables[name] = nil
        scope.flaws[name] = error
      }
    }
  }

  /// Binds what the playbook names that is known once `step` has ended.
  mutating func bindLocals(after step: PlannedStep, in scope: ScopeID) {
    guard !step.localsAfter.isEmpty, var inner = scopes[scope] else { return }
    bind(step.localsAfter, in: &inner)
    scopes[scope] = inner
  }

  /// Throws the first of `locals` that has no value in `scope`.
  func requireValues(
    of locals: OrderedDictionary<String, LocalValue>, in scope: ScopeID
  ) throws(Failure) {
    for name in locals.keys {
      if let flaw = scopes[scope]?.flaws[name] { throw flaw }
    }
  }
}

extension PlannedStep {
  fileprivate var hasOwnScope: Bool {
    !modifiers.locals.isEmpty || (kind.isGroup && modifiers.session != .default)
  }
}

extension PlannedStep.Kind {
  /// Whether it has steps of its own, which its session is for.
  fileprivate var isGroup: Bool {
    switch self {
    case .play, .forEach, .parallel, .block: true
    case .call, .assert, .wait, .waitUntil, .approve: false
    }
  }
}

/// What is computed when a step begins.
extension StepTree {
  /// `step` with what its expressions set, and why something of that cannot be used.
  func settled(_ step: PlannedStep, in scope: ScopeID) -> (PlannedStep, flaw: Failure?) {
    guard step.hasComputedSettings else { return (step, nil) }
    do throws(SettingFlaw) {
      let settled = try step.settled { template throws(SettingFlaw) in
        do throws(Failure) {
          return try evaluate(template, in: scope)
        } catch {
          throw SettingFlaw(error.message, hint: error.hint, location: error.location)
        }
      }
      return (settled, nil)
    } catch {
      let failure = Failure(
        .expectation, error.message, hint: error.hint, location: error.location)
      return (step, failure)
    }
  }

  /// The title of `step` as people read it where it stands in `scope`: what cannot be evaluated stays as it
  /// is written.
  func title(of step: PlannedStep, in scope: Scope) -> String {
    guard let name = step.name else { return step.title }
    let inner = self.scope(of: step, inside: scope)
    guard let text = try? name.shownText(with: bindings(for: name, of: inner)) else {
      return step.title
    }
    return text.shortenedTitle
  }
}

extension StepTree {
  /// Whether the step at `id`, or one around it, names the reason of a refusal.
  func names(_ reason: String, at id: NodeID) -> Bool {
    var next: NodeID? = id
    while let id = next, let node = nodes[id] {
      if case .step(let state) = node.content {
        let modifiers = state.step.modifiers
        if modifiers.tolerate.contains(reason)
          || modifiers.retry?.refusals.contains(reason) ?? false
        {
          return true
        }
      }
      next = node.parent
    }
    return false
  }

  /// The label of a round; nil where it cannot be evaluated.
  func label(ofRound number: Int, of id: NodeID) -> String? {
    guard case .forEach(let loop, _)? = groups[id]?.kind, let label = loop.label,
      let scope = scope(ofRound: number, of: id)
    else { return nil }
    return (try? label.shownText(with: bindings(for: label, of: scope)))?.shortenedTitle
  }
}

extension String {
  /// So many characters of a title are shown.
  private static var longestTitle: Int { 200 }

  /// The text on one line, cut where it is long.
  fileprivate var shortenedTitle: String {
    let line = split(whereSeparator: \.isNewline).joined(separator: " ")
    let end = line.index(line.startIndex, offsetBy: Self.longestTitle, limitedBy: line.endIndex)
    return end.map { $0 == line.endIndex ? line : line[..<$0] + "…" } ?? line
  }
}
