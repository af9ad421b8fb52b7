import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Goes through the steps of a plan as a run would, with the results that making the plan gave.
struct OutlookWalk {
  let plan: Plan
  let record: OutlookRecord
  let interest: OutlookInterest

  /// How it came to the steps.
  private enum Way {
    /// The plan was made through them.
    case planned
    /// They are below a step of which it is not known whether it begins.
    case unknown
  }

  /// The steps that have a part in votes and lifetimes.
  var parts: [PlanOutlook.Part] {
    var scope = OutlookScope(inputs: plan.inputs, zones: plan.zones)
    scope.bind(plan.playbook.locals, at: .root)
    if let credentials = plan.playbook.session {
      scope.session = scope.session(of: credentials, at: .root)
    }
    return parts(plan.playbook.steps, at: .root, in: &scope, .planned)
  }

  private func parts(
    _ steps: [PlannedStep], at path: StepPath, in scope: inout OutlookScope, _ way: Way
  ) -> [PlanOutlook.Part] {
    var parts: [PlanOutlook.Part] = []
    for step in steps {
      let path = path.appending(.step(step.id))
      if way == .planned, !record.begun.contains(path) { break }
      if interest.contains(step) {
        let part = part(step, at: path, in: &scope, way)
        if !part.isEmpty { parts.append(part) }
      }
      scope.steps[step.id] = record.results[path]?.value ?? .unknown(Unknown("\(path)"))
      scope.bind(step.localsAfter, at: path)
    }
    return parts
  }

  private func part(
    _ step: PlannedStep, at path: StepPath, in scope: inout OutlookScope, _ way: Way
  ) -> PlanOutlook.Part {
    let result = record.results[path]
    if result?.outcome == .skipped { return .sequence([]) }
    let outer = (scope.variables, scope.session)
    defer { (scope.variables, scope.session) = outer }
    scope.bind(step.modifiers.locals, at: path)
    if !step.kind.steps.isEmpty {
      scope.session = scope.session(for: step.modifiers.session, at: path)
    }
    let step = scope.settled(step, at: path)
    let way = self.way(below: step, at: path, result, way)
    var parts = [own(step, at: path, in: &scope, way)]
    let rescue = path.appending(.rescue)
    if record.begun.contains(rescue) {
      var inner = scope
      inner.variables["error"] = .unknown(Unknown("\(path)"))
      parts += self.parts(step.modifiers.rescue, at: rescue, in: &inner, .planned)
    }
    let always = path.appending(.always)
    if way == .unknown || record.begun.contains(always) {
      var inner = scope
      parts += self.parts(step.modifiers.always, at: always, in: &inner, way)
    }
    parts.removeAll(where: \.isEmpty)
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  /// A group of which nothing began although it has no end of its own is one that the plan could not
  /// look into.
  private func way(
    below step: PlannedStep, at path: StepPath, _ result: StepResult?, _ way: Way
  ) -> Way {
    guard way == .planned, let result, result.value.unknown != nil, !step.kind.steps.isEmpty else {
      return way
    }
    let hasBegun =
      switch step.kind {
      case .forEach: record.roundCounts[path] != nil
      case .parallel(let branches):
        branches.contains { record.begun.contains(path.appending(.branch($0.name))) }
      case .play, .block:
        step.kind.steps.contains { record.begun.contains(path.appending(.step($0.id))) }
      case .call, .assert, .wait, .waitUntil, .approve: true
      }
    return hasBegun ? .planned : .unknown
  }

  /// What the step does itself, apart from its `rescue` and `always`.
  private func own(
    _ step: PlannedStep, at path: StepPath, in scope: inout OutlookScope, _ way: Way
  ) -> PlanOutlook.Part {
    switch step.kind {
    case .block(let steps): return .sequence(parts(steps, at: path, in: &scope, way))
    case .parallel(let branches):
      var parts: [PlanOutlook.Part] = []
      for branch in branches {
        let path = path.appending(.branch(branch.name))
        parts.append(.sequence(self.parts(branch.steps, at: path, in: &scope, way)))
      }
      return .parallel(parts)
    case .play(let playbook, let arguments):
      var inner = OutlookScope(
        inputs: scope.inputs(of: playbook, arguments, at: path), zones: plan.zones,
        session: scope.session)
      inner.bind(playbook.locals, at: path)
      if let credentials = playbook.session {
        inner.session = inner.session(of: credentials, at: path)
      }
      return .sequence(parts(playbook.steps, at: path, in: &inner, way))
    case .forEach(let loop): return self.loop(loop, at: path, in: scope, way)
    case .call, .wait, .waitUntil, .approve:
      return .step(leaf(step, at: path, in: scope, way))
    case .assert: return .sequence([])
    }
  }

  private func loop(
    _ loop: PlannedLoop, at path: StepPath, in scope: OutlookScope, _ way: Way
  ) -> PlanOutlook.Part {
    switch loop.items {
    case .value(let template):
      let items = scope.value(of: template, at: path)
      return rounds(of: loop, items, at: path, in: scope, way)
    case .pages(let pages):
      let (parts, items) = self.parts(pages, at: path, in: scope, way)
      return .sequence(parts + [rounds(of: loop, items, at: path, in: scope, way)])
    }
  }

  /// The reads of a loop's pages, and the elements that they gave.
  private func parts(
    _ pages: PlannedPages, at path: StepPath, in scope: OutlookScope, _ way: Way
  ) -> (parts: [PlanOutlook.Part], items: Value) {
    var scope = scope
    scope.variables[PlannedPages.nextName] =
      way == .planned ? .null : .unknown(Unknown("\(path)"))
    var (parts, elements, number): ([PlanOutlook.Part], [Value], Int) = ([], [], 1)
    while true {
      let step = pages.step(ofPage: number)
      let page = path.appending(.step(step.id))
      guard number == 1 || record.begun.contains(page) else { break }
      if interest.contains(step) { parts.append(.step(leaf(step, at: page, in: scope, way))) }
      let answer = record.results[page]?.value ?? .unknown(Unknown("\(page)"))
      scope.variables[PlannedPages.answerName] = answer
      let items = scope.value(of: pages.items, at: page)
      guard let list = LoopElements(of: items) else { return (parts, items) }
      elements += list.values
      scope.variables[PlannedPages.nextName] = scope.value(of: pages.next, at: page)
      number += 1
    }
    return (parts, .list(elements))
  }

  private func rounds(
    of loop: PlannedLoop, _ items: Value, at path: StepPath, in scope: OutlookScope, _ way: Way
  ) -> PlanOutlook.Part {
    guard way == .planned else {
      var round = scope
      let value = items.unknown.map { Value.unknown($0) } ?? .unknown(Unknown("\(path)"))
      for name in [loop.variable, loop.key, loop.index].compactMap(\.self) {
        round.variables[name] = value
      }
      let parts = parts(loop.steps, at: path, in: &round, way)
      return .rounds(of: path, [.sequence(parts)], concurrency: loop.concurrency.constant ?? 1)
    }
    let elements = LoopElements(of: items)
    let rounds = (0..<(record.roundCounts[path] ?? 0)).map { number in
      var round = scope
      if let elements, elements.values.indices.contains(number) {
        round.variables.merge(elements.variables(of: number, in: loop)) { $1 }
      } else {
        round.variables[loop.variable] = .unknown(Unknown("\(path)"))
        if let key = loop.key { round.variables[key] = .unknown(Unknown("\(path)")) }
        if let index = loop.index { round.variables[index] = .int(Int64(number)) }
      }
      let path = path.appending(.iteration(number))
      return PlanOutlook.Part.sequence(parts(loop.steps, at: path, in: &round, way))
    }
    return .rounds(of: path, rounds, concurrency: loop.concurrency.constant ?? 1)
  }

  private func leaf(
    _ step: PlannedStep, at path: StepPath, in scope: OutlookScope, _ way: Way
  ) -> ForeseenStep {
    let result = record.results[path]
    let fate = fate(of: step, result, in: scope, at: path, way)
    let operations =
      switch (fate, way, result?.change?.kind) {
      case (.never, _, _): [Operation]()
      case (_, .unknown, _): step.effects(making: .unknown, in: plan.api)
      case (_, .planned, let change): step.effects(making: change, in: plan.api)
      }
    let needsArguments = interest.needsArguments(of: step)
    return ForeseenStep(
      path: path, step: step, fate: fate, isAsAsked: result?.change?.kind == .unchanged,
      arguments: needsArguments ? scope.values(of: step.arguments, at: path) : [:],
      value: result?.value ?? .unknown(Unknown("\(path)")),
      session: scope.session(for: step.modifiers.session, at: path), operations: operations)
  }

  private func fate(
    of step: PlannedStep, _ result: StepResult?, in scope: OutlookScope, at path: StepPath,
    _ way: Way
  ) -> ForeseenStep.Fate {
    guard way == .planned, let result else { return .possible }
    switch (result.outcome, result.change?.kind) {
    case (.failed, _), (.cancelled, _), (.inDoubt, _), (.tolerated, _), (.skipped, _): return .never
    case (_, .unchanged?), (_, .drift?), (_, .conflict?): return .never
    case (_, .create?), (_, .change?), (_, .remove?): return .certain
    // A person is certainly asked; what they decide is not known.
    case (_, .unknown?):
      if case .approve = step.kind {
        return mayBeSkipped(step, in: scope, at: path) ? .possible : .certain
      }
      return .possible
    case (_, nil): return mayBeSkipped(step, in: scope, at: path) ? .possible : .certain
    }
  }

  /// Whether the step has a condition that is known only in the run.
  private func mayBeSkipped(
    _ step: PlannedStep, in scope: OutlookScope, at path: StepPath
  ) -> Bool {
    step.modifiers.when.map { scope.value(of: $0, at: path).unknown != nil } ?? false
  }
}
