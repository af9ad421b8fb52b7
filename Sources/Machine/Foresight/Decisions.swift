package import Events
package import Expressions
import Operations
import Playbooks

/// What a saved plan says that each step does; a run that keeps to it does nothing else.
package struct Decisions: Sendable, Hashable {
  private var changes: [StepPath: StateChange] = [:]
  private var asked: [StepPath: ValueMap] = [:]

  /// The decisions that the events of a plan record.
  package init(of events: some Sequence<RunEvent>) {
    for event in events {
      guard case .stepFinished(let path, let result) = event.kind else { continue }
      changes[path] = result.change
      asked[path] = result.asked
    }
  }

  /// Why the step at `path` must not make `change` with a call that is given `asked`; nil where the plan
  /// says so, or leaves it open.
  package func objection(
    to change: StateChange, _ asked: ValueMap?, at path: StepPath
  ) -> Failure? {
    guard !isLeftOpen(path) else { return nil }
    guard let planned = changes[path] else {
      return Self.moved("the plan says nothing of it")
    }
    guard planned.kind == change.kind else {
      return Self.moved("the plan says `\(planned.kind.rawValue)`, not `\(change.kind.rawValue)`")
    }
    guard planned.admits(change.differences) else {
      return Self.moved("it differs in another way than when it was planned")
    }
    return objection(to: asked, at: path)
  }

  /// Why the step at `path` must not write files with a call that is given `asked`; nil where the plan says
  /// so, or leaves it open.
  package func objection(toWriting asked: ValueMap?, at path: StepPath) -> Failure? {
    guard !isLeftOpen(path) else { return nil }
    guard self.asked[path] != nil else { return Self.moved("the plan says nothing of it") }
    return objection(to: asked, at: path)
  }

  private func objection(to asked: ValueMap?, at path: StepPath) -> Failure? {
    guard let planned = self.asked[path], let asked else { return nil }
    let others = Set(planned.names).union(asked.names).sorted().filter { name in
      !(planned[name] ?? .null).admits(asked[name] ?? .null)
    }
    guard !others.isEmpty else { return nil }
    let names = others.map { "`\($0)`" }.joined(separator: ", ")
    return Self.moved("the plan has another value of \(names)")
  }

  /// Whether the plan does not know what happens there, because of the step itself or one around it.
  ///
  /// It does not say what is undone: the steps that do it are those of the playbook, which is pinned.
  private func isLeftOpen(_ path: StepPath) -> Bool {
    path.components.contains(.undo)
      || (1...max(1, path.components.count)).contains { count in
        changes[StepPath(components: Array(path.components.prefix(count)))]?.kind == .unknown
      }
  }

  private static func moved(_ what: String) -> Failure {
    var failure = Failure(
      .expectation, "the run keeps to a plan, and \(what)",
      hint: "plan again: `privirun plan` shows what is to be done now")
    failure.allowsRetry = false
    return failure
  }
}

extension StateChange {
  /// Whether the differences are those of this planned change, as far as they were known: nothing is
  /// known of a thing that the plan makes first.
  fileprivate func admits(_ others: [Lookup.Difference]) -> Bool {
    guard !differences.isEmpty else { return true }
    return differences.count == others.count
      && zip(differences, others).allSatisfy { planned, now in
        planned.field == now.field && planned.asked.admits(now.asked)
          && planned.found.admits(now.found)
      }
  }
}

extension Value {
  /// Whether the other value is the same, or this one was not known.
  ///
  /// What is in a list counts in any order: services show lists now so, now otherwise.
  fileprivate func admits(_ other: Value) -> Bool {
    switch (revealed, other.revealed) {
    case _ where holdsUnknown: true
    case (.list(let left), .list(let right)):
      left.count == right.count && left.allSatisfy(right.contains)
        && right.allSatisfy(left.contains)
    case (let left, let right): left == right
    }
  }
}
