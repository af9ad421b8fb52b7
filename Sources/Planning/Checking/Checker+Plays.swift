import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Plays: the other playbook, its inputs, what it hands back.
extension Checker {
  mutating func check(_ play: Play, in scope: NameScope) -> CheckedWork {
    for argument in play.arguments.values { check(argument.value, in: scope) }
    let owner = play.path.location.file
    guard let callee = loaded.playbook(at: play.path.value, namedBy: owner),
      let checked = file(of: callee)
    else {
      // The loader has said why; a plan with an error is never handed out.
      return CheckedWork(kind: .block([]), result: .nothing, inner: scope)
    }
    for (name, argument) in play.arguments {
      guard let declaration = callee.inputs[name] else {
        reportExtra(name, argument, of: play.path.value, known: callee.inputs.keys, "input")
        continue
      }
      report(
        ValueDemand(declaration).findings(in: argument.value, for: Subject("the input", name)) {
          type(of: $0, in: scope)
        })
    }
    reportMissing(play, callee)
    if let need = checked.need { noteNeed(need) }
    count(checked, at: play.path.location)
    let arguments = play.arguments.mapValues(\.value)
    return CheckedWork(
      kind: .play(checked.planned, arguments: Self.settled(arguments, for: callee)),
      result: checked.outputs, inner: scope)
  }

  private mutating func reportMissing(_ play: Play, _ callee: Playbook) {
    for (name, input) in callee.inputs where play.arguments[name] == nil {
      // Only the outermost playbook's files are looked for before anything runs.
      guard input.defaultValue == nil || input.kind == .file else { continue }
      let about = input.summary.map { ": \($0)" } ?? ""
      report(
        "missing-input", "`\(play.path.value)` needs the input `\(name)`", at: play.path.location,
        hint: "add `\(name)` under `with`, \(ValueDemand(input).kind.phrase)\(about)")
    }
  }

  private mutating func count(_ checked: CheckedFile, at location: SourceLocation) {
    guard facts.stepCount <= Self.stepLimit else { return }
    facts.stepCount += checked.stepCount
    guard facts.stepCount > Self.stepLimit else { return }
    report(
      "too-many-steps", "with all its plays the playbook has more than \(Self.stepLimit) steps",
      at: location)
  }

  /// Literal numbers as the callee's expressions shall see them.
  private static func settled(
    _ arguments: OrderedDictionary<String, Template>, for callee: Playbook
  ) -> OrderedDictionary<String, Template> {
    var settled = arguments
    for (name, argument) in arguments {
      guard case .literal(let value, let location) = argument,
        let kind = callee.inputs[name]?.kind
      else { continue }
      settled[name] = .literal(kind.value(from: value) ?? value, location)
    }
    return settled
  }
}
