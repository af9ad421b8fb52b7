import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Plays: the other playbook, its inputs, what it hands back.
extension PlaybookChecker {
  mutating func check(_ play: Play, in scope: NameScope) -> CheckedWork {
    for value in play.arguments.values.lazy.compactMap(\.value) { check(value, in: scope) }
    let owner = play.path.location.file
    guard let callee = loaded.playbook(at: play.path.value, namedBy: owner),
      let checked = file(of: callee)
    else {
      // The loader has said why.
      return CheckedWork(kind: nil, result: .nothing)
    }
    for (name, argument) in play.arguments {
      guard let declaration = callee.inputs[name] else {
        if callee.unread.words.contains(name) { continue }
        reportExtra(
          name, argument, of: play.path.value, known: callee.inputs.keys, .unknownInput, "input")
        continue
      }
      guard let value = argument.value else { continue }
      report(
        declaration.schema.diagnostics(in: value, for: Subject("the input", name)) {
          type(of: $0, in: scope)
        })
      noteSecrets(value, givenTo: name, of: play, declaration, checked, in: scope)
    }
    reportMissing(play, callee)
    if let need = checked.need { noteNeed(need, in: scope) }
    noteDecisions(of: play, checked, in: scope)
    count(checked, at: play.path.location)
    if checked.mayChange { facts.changingSteps += 1 }
    let arguments = play.arguments.compactMapValues(\.value)
    let kind = checked.planned.map { PlannedStep.Kind.play($0, arguments: arguments) }
    let isWhole = play.hasAllArguments && arguments.count == play.arguments.count
    var result = checked.outputs
    result.taint = result.taint.seen(by: arguments.mapValues { taint(of: $0, in: scope) })
    return CheckedWork(kind: isWhole ? kind : nil, result: result)
  }

  private mutating func reportMissing(_ play: Play, _ callee: Playbook) {
    guard play.hasAllArguments else { return }
    let given = Self.meantNames(play.arguments, among: callee.inputs.keys)
    for (name, input) in callee.inputs where !given.contains(name) {
      guard input.defaultValue == nil else { continue }
      let about = input.summary.map { ": \($0)" } ?? ""
      report(
        .missingInput, "`\(play.path.value)` needs the input `\(name)`", at: play.path.location,
        hint: "add `\(name)` under `with`, \(input.type.phrase)\(about)")
    }
  }

  private mutating func count(_ checked: CheckedFile, at location: SourceLocation) {
    guard facts.stepCount <= Self.stepLimit else { return }
    facts.stepCount += checked.stepCount
    guard facts.stepCount > Self.stepLimit else { return }
    report(
      .tooManySteps, "with all its plays the playbook has more than \(Self.stepLimit) steps",
      at: location)
  }
}
