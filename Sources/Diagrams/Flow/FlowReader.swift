import Expressions
import Operations
import Planning
import Playbooks

/// Turns planned steps into what is drawn of them.
struct FlowReader {
  let words: FlowWords

  /// `depth` is how deep played playbooks are shown with their steps.
  func sequence(of steps: [PlannedStep], depth: Int) -> FlowSequence {
    FlowSequence(units: steps.map { unit(of: $0, depth: depth) })
  }

  private func unit(of step: PlannedStep, depth: Int) -> FlowUnit {
    let (rescue, always) = (step.modifiers.rescue, step.modifiers.always)
    return FlowUnit(
      condition: step.modifiers.when.map { words.line($0) }, part: part(of: step, depth: depth),
      rescue: rescue.isEmpty ? nil : sequence(of: rescue, depth: depth),
      always: always.isEmpty ? nil : sequence(of: always, depth: depth),
      undo: step.modifiers.undo.map { sequence(of: $0, depth: depth) })
  }

  private func sequence(of undo: PlannedUndo, depth: Int) -> FlowSequence {
    switch undo.kind {
    case .steps(let steps): return sequence(of: steps, depth: depth)
    case .removal(let removals):
      return FlowSequence(
        units: removals.map { removal in
          FlowUnit(part: .step(FlowStep(kind: .call, title: removal.operation.id)))
        })
    }
  }

  private func part(of step: PlannedStep, depth: Int) -> FlowPart {
    let title = words.line(step.title)
    switch step.kind {
    case .call(let call): return .step(self.step(title, call, step.modifiers.ensure))
    case .assert(let conditions):
      let first = conditions.first.map { words.line($0.condition) } ?? ""
      let more = conditions.count > 1 ? " and \(conditions.count - 1) more" : ""
      return .step(
        named(title, .assert, unless: "assert", words.cut("assert \(first)\(more)")))
    case .wait(let duration):
      return .step(named(title, .wait, unless: "wait", "wait \(words.line(duration))"))
    case .waitUntil(let condition, let read, _):
      let id = read.operation.id
      return .step(
        named(
          title, .wait, unless: "wait on \(id)",
          words.cut("\(id) until \(words.line(condition))")))
    case .approve(let approval):
      return .step(
        named(
          title, .approve, unless: "approve",
          words.cut("approve: \(words.line(approval.message))")))
    case .play(let playbook, _):
      let detail = "play \(words.line(playbook.name))"
      guard depth > 0 else {
        return .step(FlowStep(kind: .play, title: title, detail: detail))
      }
      return .group(
        FlowGroup(
          kind: .play, title: title, detail: detail,
          content: .sequence(sequence(of: playbook.steps, depth: depth - 1))))
    case .forEach(let loop): return .group(group(title, loop, depth: depth))
    case .parallel(let branches):
      return .group(
        FlowGroup(
          kind: .parallel, title: title, detail: title == "parallel" ? nil : "parallel",
          content: .branches(
            branches.map { branch in
              FlowGroup(
                kind: .branch, title: words.line(branch.name),
                content: .sequence(sequence(of: branch.steps, depth: depth)))
            })))
    case .block(let steps):
      return .group(
        FlowGroup(
          kind: .block, title: title, content: .sequence(sequence(of: steps, depth: depth))))
    }
  }

  /// A step whose title is what it does where its author has given it none.
  private func named(
    _ title: String, _ kind: FlowStep.Kind, unless standard: String, _ detail: String
  ) -> FlowStep {
    title == standard
      ? FlowStep(kind: kind, title: detail) : FlowStep(kind: kind, title: title, detail: detail)
  }

  private func step(_ title: String, _ call: PlannedCall, _ ensure: Ensurance?) -> FlowStep {
    let name: String
    let kind: FlowStep.Kind
    switch call.target {
    case .operation(let operation): (name, kind) = (operation.id, .call)
    case .local(let action): (name, kind) = (action.rawValue, .local)
    }
    let detail = ensure.map { "\(name), ensure \($0.state.rawValue)" } ?? name
    return FlowStep(kind: kind, title: title, detail: detail == title ? nil : detail)
  }

  private func group(_ title: String, _ loop: PlannedLoop, depth: Int) -> FlowGroup {
    let name = words.line(loop.variable)
    var detail = "for each \(name) in \(items(of: loop))"
    switch loop.concurrency {
    case .constant(1): break
    case .constant(let count): detail += ", \(count) at once"
    case .computed(let template): detail += ", \(words.line(template)) at once"
    }
    if let until = loop.until { detail += ", until \(words.line(until))" }
    detail = words.cut(detail)
    let isNamed = title != "for each \(name)"
    return FlowGroup(
      kind: .loop, title: isNamed ? title : detail, detail: isNamed ? detail : nil,
      content: .sequence(sequence(of: loop.steps, depth: depth)))
  }

  private func items(of loop: PlannedLoop) -> String {
    switch loop.items {
    case .value(let template): return words.line(template)
    case .pages(let pages):
      guard case .call(let call) = pages.step(ofPage: 1).kind,
        case .operation(let operation) = call.target
      else { return "pages" }
      return "the pages of \(operation.id)"
    }
  }
}
