package import Cryptography
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// What a plan comes to, as lines of text: two programs that derive the same lines from the same
/// files carry out the same run.
extension Plan {
  /// SHA-256 over `outline`, lower-case hex; throws when libcrypto fails.
  package func outlineDigest() throws(CryptographyFailure) -> String {
    Hexadecimal.encode(try SHA256.digest(of: Array(outline.joined(separator: "\n").utf8)))
  }

  /// A line for each step, its kind, its subject and what modifies it.
  package var outline: [String] { playbook.outline }
}

extension PlannedPlaybook {
  fileprivate var outline: [String] {
    ["playbook \(name): \(inputs.keys.joined(separator: ", "))"]
      + (locals.isEmpty ? [] : ["let \(locals.outline)"])
      + (undoCauses.isEmpty
        ? [] : ["undo-on \(undoCauses.map(\.rawValue).joined(separator: ", "))"])
      + PlannedStep.outline(of: steps, depth: 1)
      + outputs.map { "output \($0.key) = \($0.value.value.outline)" }
  }
}

extension PlannedStep {
  fileprivate static func outline(of steps: [PlannedStep], depth: Int) -> [String] {
    steps.flatMap { step in
      let indent = String(repeating: " ", count: depth)
      var lines = [
        indent + "\(step.id): \(step.kind.outline)" + step.modifiers.outline
      ]
      lines += outline(of: step.kind.steps, depth: depth + 1)
      if !step.modifiers.rescue.isEmpty {
        lines += [indent + "rescue"] + outline(of: step.modifiers.rescue, depth: depth + 1)
      }
      if !step.modifiers.always.isEmpty {
        lines += [indent + "always"] + outline(of: step.modifiers.always, depth: depth + 1)
      }
      if let undo = step.modifiers.undo {
        lines += [indent + undo.outline] + outline(of: undo.steps, depth: depth + 1)
      }
      if !step.localsAfter.isEmpty { lines.append(indent + "let \(step.localsAfter.outline)") }
      return lines
    }
  }
}

extension PlannedStep.Kind {
  fileprivate var outline: String {
    switch self {
    case .call(let call): "call \(call.outline)"
    case .play(let playbook, let arguments): "play \(playbook.name) \(arguments.outline)"
    case .forEach(let loop):
      "for-each \(loop.variable) in \(loop.items.outline) \(loop.concurrency.outline) "
        + "\(loop.onFailure)\(loop.additions)"
    case .parallel(let branches):
      "parallel " + branches.map { "\($0.name) \($0.steps.count)" }.joined(separator: ", ")
    case .block: "block"
    case .assert(let assertions): "assert " + assertions.outline
    case .wait(let duration): "wait \(duration.outline)"
    case .waitUntil(let condition, let read, let interval):
      "wait until \(condition.outline): \(read.operation.outline) \(read.arguments.outline) "
        + "every \((interval ?? .constant(.seconds(1))).outline)"
    case .approve(let approval):
      "approve \(approval.message.outline) "
        + approval.fields.map { "\($0.key) \($0.value.type.word)" }.joined(separator: ", ")
    }
  }
}

extension PlannedLoop.Items {
  fileprivate var outline: String {
    switch self {
    case .value(let template): template.outline
    case .pages(let pages): "pages \(pages.items.outline) next \(pages.next.outline)"
    }
  }
}

extension PlannedUndo {
  fileprivate var outline: String {
    switch kind {
    case .steps: "undo"
    case .removal(let removals): "undo by " + removals.map(\.outline).joined(separator: ", ")
    }
  }
}

extension PlannedRemoval {
  fileprivate var outline: String {
    let fields = fields.map { name, source in
      switch source {
      case .result(let field): "\(name): result \(field)"
      case .argument(let field): "\(name): argument \(field)"
      }
    }
    return "\(operation.id) (\(fields.joined(separator: ", ")))"
  }
}

extension PlannedLoop {
  fileprivate var additions: String {
    let parts = [
      index.map { "index \($0)" }, key.map { "key \($0)" },
      label.map { "label \($0.outline)" }, until.map { "until \($0.outline)" },
    ]
    return parts.compactMap(\.self).map { " \($0)" }.joined()
  }
}

extension PlannedCall {
  fileprivate var outline: String {
    switch target {
    case .operation(let operation): "\(operation.outline) \(arguments.outline)"
    case .local(let action): "\(action.rawValue) \(arguments.outline)"
    }
  }
}

extension Operation {
  /// What of it decides what is sent, and whether it is sent again; `effect` decides whether a step
  /// counts as a change.
  fileprivate var outline: String {
    var words = ["\(id) \(completion) \(repetition)"]
    words.append(routes.map { "\($0.method) \($0.path)" }.joined(separator: " or "))
    words.append("effect \(effect.rawValue)")
    if isGated { words.append("gated") }
    if let singleUseField { words.append("once by \(singleUseField)") }
    if let identifiedBy { words.append("identified by \(identifiedBy)") }
    if let lookup { words.append(lookup.outline) }
    return words.joined(separator: ", ")
  }
}

extension PlannedModifiers {
  fileprivate var outline: String {
    var words: [String] = []
    if !locals.isEmpty { words.append("let \(locals.outline)") }
    if let when { words.append("when \(when.outline)") }
    if let timeout { words.append("timeout \(timeout.outline)") }
    if let retry { words.append("retry \(retry.attempts.outline)" + retry.refusals.outline) }
    if let inDoubt { words.append("in-doubt \(inDoubt.rawValue)") }
    if let ensure {
      words.append(
        "ensure \(ensure.state.rawValue) \(ensure.onDrift.rawValue) \(ensure.match.rawValue)")
    }
    if !tolerate.isEmpty { words.append("tolerate \(tolerate.joined(separator: ", "))") }
    if !expect.isEmpty { words.append("expect \(expect.outline)") }
    return words.map { "; \($0)" }.joined()
  }
}

extension Set<String> {
  fileprivate var outline: String {
    isEmpty ? "" : " on \(sorted().map { "rejected(\($0))" }.joined(separator: ", "))"
  }
}

extension Setting {
  fileprivate var outline: String {
    switch self {
    case .constant(let constant): "\(constant)"
    case .computed(let template): template.outline
    }
  }
}

extension OrderedDictionary<String, LocalValue> {
  fileprivate var outline: String {
    "(" + map { "\($0.key): \($0.value.value.outline)" }.joined(separator: ", ") + ")"
  }
}

extension [Assertion] {
  fileprivate var outline: String { map(\.condition.outline).joined(separator: " and ") }
}

extension OrderedDictionary<String, Template> {
  fileprivate var outline: String {
    "(" + map { "\($0.key): \($0.value.outline)" }.joined(separator: ", ") + ")"
  }
}

extension Template {
  /// Its expressions and literals; a secret literal is masked.
  fileprivate var outline: String {
    let expressions = expressions.map(\.source).joined(separator: " ")
    if case .literal(let value, _, _) = self { return value.displayText }
    return expressions
  }
}
