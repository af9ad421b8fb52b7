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
      + PlannedStep.outline(of: steps, depth: 1)
      + outputs.map { "output \($0.key) = \($0.value.value.outline)" }
  }
}

extension PlannedStep {
  fileprivate static func outline(of steps: [PlannedStep], depth: Int) -> [String] {
    steps.flatMap { step in
      let indent = String(repeating: " ", count: depth)
      var lines = [
        indent + "\(step.id): \(step.kind.outline)" + step.modifiers.outline + step.lookupOutline
      ]
      lines += outline(of: step.kind.steps, depth: depth + 1)
      if !step.modifiers.rescue.isEmpty {
        lines += [indent + "rescue"] + outline(of: step.modifiers.rescue, depth: depth + 1)
      }
      if !step.modifiers.always.isEmpty {
        lines += [indent + "always"] + outline(of: step.modifiers.always, depth: depth + 1)
      }
      return lines
    }
  }
}

extension PlannedStep {
  /// By which reads and operations an ensured call goes about it; nothing for any other step.
  fileprivate var lookupOutline: String {
    guard modifiers.ensure != nil, case .call(let call) = kind,
      case .operation(let operation) = call.target, let lookup = operation.lookup
    else { return "" }
    return "; \(lookup.outline)"
  }
}

extension Lookup {
  fileprivate var outline: String {
    var words = ["by \(operation)"] + identity.map { "\($0.key) as \($0.value)" }
    words += comparison.fields.map { "\($0.key) like \($0.value)" }
    words += comparison.holds.map { "\($0.key) in \($0.value.joined(separator: " "))" }
    switch remedies.correction {
    case .itself: words.append("corrected by itself")
    case .other(let remedy): words.append("corrected by \(remedy.operation)")
    case nil: break
    }
    words += remedies.removal.map { "removed by \($0.operation)" }
    return words.joined(separator: ", ")
  }
}

extension PlannedStep.Kind {
  fileprivate var outline: String {
    switch self {
    case .call(let call): "call \(call.outline)"
    case .play(let playbook, let arguments): "play \(playbook.name) \(arguments.outline)"
    case .forEach(let loop):
      "for-each \(loop.variable) in \(loop.items.outline) \(loop.concurrency) \(loop.onFailure)"
    case .parallel(let branches):
      "parallel " + branches.map { "\($0.name) \($0.steps.count)" }.joined(separator: ", ")
    case .block: "block"
    case .assert(let assertions): "assert " + assertions.outline
    case .wait(let duration): "wait \(duration)"
    case .waitUntil(let condition, let read, let interval):
      "wait until \(condition.outline): \(read.operation.outline) \(read.arguments.outline) "
        + "every \(interval ?? .seconds(1))"
    case .approve(let approval):
      "approve \(approval.message.outline) "
        + approval.fields.map { "\($0.key) \($0.value.type.word)" }.joined(separator: ", ")
    }
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
  fileprivate var outline: String {
    "\(id) \(completion) \(repetition) "
      + routes.map { "\($0.method) \($0.path)" }.joined(separator: " or ")
  }
}

extension PlannedModifiers {
  fileprivate var outline: String {
    var words: [String] = []
    if let when { words.append("when \(when.outline)") }
    if let timeout { words.append("timeout \(timeout)") }
    if let retry { words.append("retry \(retry.attempts)") }
    if let inDoubt { words.append("in-doubt \(inDoubt.rawValue)") }
    if let ensure {
      words.append(
        "ensure \(ensure.state.rawValue) \(ensure.onDrift.rawValue) \(ensure.match.rawValue)")
    }
    if !expect.isEmpty { words.append("expect \(expect.outline)") }
    return words.map { "; \($0)" }.joined()
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
