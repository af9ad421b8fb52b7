import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Goes through the steps of a playbook, and those of the playbooks that it plays, to find what inputs become.
struct InputFlowWalk {
  private(set) var flows = InputFlows()
  /// What an ensured call reads: how a thing was left by an earlier step counts there, field by field.
  private let ensuredReads: Set<String>
  /// The names of all inputs of the outermost playbook.
  private let names: [String]

  init(_ playbook: PlannedPlaybook) {
    names = playbook.inputs.keys.elements
    ensuredReads = Self.ensuredReads(of: playbook.steps)
  }

  /// Where a step stands.
  private struct Place {
    var path: StepPath
    /// What the inputs of its playbook are made of, as far as they are such texts.
    var texts: [String: InputText]
    /// Whether its playbook is the outermost one, whose inputs have no texts if they are no strings.
    var isOutermost: Bool
    /// Whether it is carried out several times, or in place of what failed.
    var isRepeated = false

    func below(_ component: StepPath.Component) -> Place {
      var place = self
      place.path = path.appending(component)
      return place
    }

    var repeated: Place {
      var place = self
      place.isRepeated = true
      return place
    }
  }

  /// The outermost playbook; its labels are evaluated for each run.
  mutating func visit(_ playbook: PlannedPlaybook) {
    var texts: [String: InputText] = [:]
    for (name, input) in playbook.inputs where input.type.isText {
      texts[name] = InputText([.input(name)])
    }
    // A secret is hidden in all texts, whether anything else uses it or not.
    flows.flowing = Set(playbook.hiddenInputs.map(\.name))
      .union(playbook.inputs.filter { $0.value.schema.holdsSecret }.keys)
    visit(playbook, at: Place(path: .root, texts: texts, isOutermost: true))
  }

  private mutating func visit(_ playbook: PlannedPlaybook, at place: Place) {
    visit(playbook.locals, at: place)
    if let session = playbook.session { visit(session, at: place) }
    visit(playbook.steps, at: place)
    for output in playbook.outputs.values where flow(of: output.value, at: place) == nil {
      depend(on: output.value, at: place)
    }
  }

  private mutating func visit(_ steps: [PlannedStep], at place: Place) {
    for step in steps { visit(step, at: place.below(.step(step.id))) }
  }

  private mutating func visit(_ step: PlannedStep, at place: Place) {
    if let name = step.name { depend(on: name, at: place) }
    visit(step.localsAfter, at: place)
    visit(step.modifiers, at: place)
    switch step.kind {
    case .call(let call): visit(call, of: step, at: place)
    case .play(let played, let arguments): visit(played, given: arguments, at: place)
    case .forEach(let loop): visit(loop, at: place)
    case .parallel(let branches):
      for branch in branches { visit(branch.steps, at: place.below(.branch(branch.name))) }
    case .block(let steps): visit(steps, at: place)
    case .assert(let assertions): visit(assertions, at: place)
    case .wait(let duration): depend(on: duration.template, at: place)
    case .waitUntil(let condition, let read, let interval):
      depend(on: condition, at: place)
      for argument in read.arguments.values { depend(on: argument, at: place) }
      depend(on: interval?.template, at: place)
    case .approve(let approval): depend(on: approval.message, at: place)
    }
  }

  private mutating func visit(_ modifiers: PlannedModifiers, at place: Place) {
    visit(modifiers.locals, at: place)
    depend(on: modifiers.when, at: place)
    depend(on: modifiers.timeout?.template, at: place)
    depend(on: modifiers.retry?.attempts.template, at: place)
    depend(on: modifiers.retry?.backoff?.template, at: place)
    depend(on: modifiers.retry?.maximumBackoff?.template, at: place)
    if case .own(let credentials) = modifiers.session { visit(credentials, at: place) }
    visit(modifiers.expect, at: place)
    visit(modifiers.rescue, at: place.below(.rescue).repeated)
    visit(modifiers.always, at: place.below(.always))
    visit(modifiers.undo?.steps ?? [], at: place.below(.undo).repeated)
  }

  private mutating func visit(
    _ locals: OrderedDictionary<String, LocalValue>, at place: Place
  ) {
    for local in locals.values { depend(on: local.value, at: place) }
  }

  private mutating func visit(_ assertions: [Assertion], at place: Place) {
    for assertion in assertions {
      depend(on: assertion.condition, at: place)
      depend(on: assertion.message, at: place)
    }
  }

  private mutating func visit(_ loop: PlannedLoop, at place: Place) {
    depend(on: loop.label, at: place)
    depend(on: loop.until, at: place)
    depend(on: loop.concurrency.template, at: place)
    switch loop.items {
    case .value(let template): depend(on: template, at: place)
    case .pages(let pages):
      depend(on: pages.items, at: place)
      depend(on: pages.next, at: place)
      // Each page is read by a step of its own, which has another path.
      for read in loop.reads {
        visit(read.modifiers, at: place)
        for argument in read.arguments.values { depend(on: argument, at: place) }
      }
    }
    visit(loop.steps, at: place.repeated)
  }

  private mutating func visit(_ credentials: Credentials, at place: Place) {
    switch credentials.kind {
    case .profile(let username, let password):
      for template in [username, password] {
        if let text = flow(of: template, at: place) {
          add(text) { $0.credentials.append($1) }
        } else {
          depend(on: template, at: place)
        }
      }
    // When a token ends is compared with the time.
    case .application(let access, let refresh, let end):
      for template in [access, refresh, end] { depend(on: template, at: place) }
    }
  }
}

/// Calls.
extension InputFlowWalk {
  private mutating func visit(_ call: PlannedCall, of step: PlannedStep, at place: Place) {
    switch call.target {
    case .operation(let operation):
      for (name, argument) in call.arguments {
        guard let field = operation.fields[name],
          carries(field, name, of: operation, ensured: step.modifiers.ensure != nil),
          let text = flow(of: argument, at: place)
        else {
          if operation.fields[name]?.role != nil { flows.hasOtherFiles = true }
          depend(on: argument, at: place)
          continue
        }
        add(text) { $0.arguments[place.path, default: [:]][name] = $1 }
      }
    case .local(let action): visit(action, call.arguments, of: step, at: place)
    }
  }

  /// Whether nothing follows from the text that a field is given, but for equal ones.
  ///
  /// Votes and lifetimes follow from some, and an ensured call compares what an earlier step set with what it
  /// is to set, in ways of its own.
  private func carries(
    _ field: Field, _ name: String, of operation: Operation, ensured isEnsured: Bool
  ) -> Bool {
    guard field.role == nil, field.schema.type.isText, operation.lives == nil,
      operation.asks == nil
    else { return false }
    guard let lookup = operation.lookup else { return true }
    guard !VotingReads.standard.all.contains(lookup.operation) else { return false }
    return lookup.identity[name] != nil || !ensuredReads.contains(lookup.operation)
  }

  private mutating func visit(
    _ action: LocalAction, _ arguments: OrderedDictionary<String, Template>, of step: PlannedStep,
    at place: Place
  ) {
    var found: OrderedDictionary<String, InputFlows.LocalCall.Argument> = [:]
    var isKnown = !place.isRepeated
    for (name, argument) in arguments {
      if let text = flow(of: argument, at: place) {
        flows.flowing.formUnion(text.inputs)
        found[name] = .text(text)
        continue
      }
      depend(on: argument, at: place)
      let references = argument.expressions.flatMap(\.references)
      isKnown =
        isKnown
        && (references.isEmpty
          || place.isOutermost && references.allSatisfy { $0.variable == "inputs" })
      found[name] = .value(argument)
    }
    guard isKnown else {
      flows.hasOtherFiles = true
      return
    }
    flows.localCalls.append(
      InputFlows.LocalCall(
        path: place.path, action: action, arguments: found,
        isExamined: !step.modifiers.expect.isEmpty))
  }

  private mutating func visit(
    _ played: PlannedPlaybook, given arguments: OrderedDictionary<String, Template>,
    at place: Place
  ) {
    var texts: [String: InputText] = [:]
    for (name, argument) in arguments {
      guard let declaration = played.inputs[name], declaration.type.isText,
        let text = flow(of: argument, at: place)
      else {
        depend(on: argument, at: place)
        continue
      }
      texts[name] = text
      flows.flowing.formUnion(text.inputs)
      flows.played.append(PlayedInput(declaration: declaration, text: text))
    }
    var inner = place
    (inner.texts, inner.isOutermost) = (texts, false)
    visit(played, at: inner)
  }

  private static func ensuredReads(of steps: [PlannedStep]) -> Set<String> {
    steps.reduce(into: []) { reads, step in
      if step.modifiers.ensure != nil, let lookup = step.operation?.lookup {
        reads.insert(lookup.operation)
      }
      reads.formUnion(ensuredReads(of: step.kind.steps + step.modifiers.steps))
    }
  }
}

/// Values.
extension InputFlowWalk {
  private mutating func add(_ text: InputText, _ note: (inout InputFlows, InputText) -> Void) {
    flows.flowing.formUnion(text.inputs)
    note(&flows, text)
  }

  /// The text that `template` is, where it is made of nothing but inputs; nil for what is a constant, too.
  private func flow(of template: Template, at place: Place) -> InputText? {
    switch template {
    case .literal, .list, .map: return nil
    case .expression(let expression): return text(of: expression, at: place)
    case .text(let parts, _):
      var text = InputText()
      for part in parts {
        switch part {
        case .literal(let literal): text.append(literal)
        case .expression(let expression):
          guard let inner = self.text(of: expression, at: place) else { return nil }
          text.append(inner)
        }
      }
      return text
    }
  }

  private func text(of expression: Expression, at place: Place) -> InputText? {
    guard let reference = expression.wholeReference, reference.variable == "inputs",
      reference.path.count == 1
    else { return nil }
    return place.texts[reference.path[0]]
  }

  /// Whatever `template` is made of decides more than a text.
  private mutating func depend(on template: Template?, at place: Place) {
    for reference in template?.expressions.flatMap(\.references) ?? [] {
      switch reference.variable {
      case "run": flows.usesRun = true
      case "steps": flows.usedResults.add(reference.path)
      case "inputs": depend(onInput: reference.path.first, at: place)
      case _: break
      }
    }
  }

  /// Nil stands for all inputs.
  private mutating func depend(onInput name: String?, at place: Place) {
    guard let name else {
      for name in place.texts.keys { depend(onInput: name, at: place) }
      if place.isOutermost { flows.deciding.formUnion(names) }
      return
    }
    if let text = place.texts[name] {
      flows.deciding.formUnion(text.inputs)
    } else if place.isOutermost {
      flows.deciding.insert(name)
    }
  }
}

extension ValueType {
  /// Whether its values are strings.
  fileprivate var isText: Bool {
    switch self {
    case .string, .secret: true
    case .integer, .number, .boolean, .bytes, .file, .any, .list, .map, .record: false
    }
  }
}
