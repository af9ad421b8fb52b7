import Diagnostics
import Events
import Expressions
import Machine
import Operations
import OrderedCollections
import Planning
import Playbooks
import Reporting

/// Reads what a person says about steps in doubt: `STEP=done`, `STEP=not-done`, and results.
struct AssumptionReading {
  let doubts: [StepDoubt]
  let commands: RunCommands

  /// The assumptions of `assume`, with the results of `results`; throws what is wrong with them.
  func assumptions(
    _ assume: [String], results: [ResultArgument]
  ) throws -> [StepPath: Assumption] {
    var assumptions: [StepPath: Assumption] = [:]
    for argument in assume {
      let (step, word) = try halves(of: argument, "--assume", "STEP=done or STEP=not-done")
      let doubt = try doubt(named: step)
      guard assumptions[doubt.step] == nil else {
        throw CommandFailure(.invalid, "`--assume` names `\(doubt.step)` twice")
      }
      switch word {
      case "done": assumptions[doubt.step] = .done(nil)
      case "not-done": assumptions[doubt.step] = .notDone
      case _:
        throw CommandFailure(
          .invalid, "a step was `done` or `not-done`, not `\(word)`",
          hint: "write `--assume \(doubt.step)=done`")
      }
    }
    for argument in results { try read(argument, into: &assumptions) }
    try refuseMissingResults(in: assumptions)
    return assumptions
  }

  private func halves(
    of argument: String, _ option: String, _ form: String
  ) throws -> (String, String) {
    let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2 else {
      throw CommandFailure(.invalid, "`\(option)` needs the form \(form)")
    }
    return (String(halves[0]), String(halves[1]))
  }

  /// The step in doubt that `text` names: its path, or its id where that is enough.
  private func doubt(named text: String) throws -> StepDoubt {
    if let doubt = doubts.first(where: { "\($0.step)" == text }) { return doubt }
    let named = doubts.filter { $0.step.components.last == .step(text) }
    if named.count == 1 { return named[0] }
    let names = doubts.map { "`\($0.step)`" }.joined(separator: ", ")
    guard !doubts.isEmpty else {
      throw CommandFailure(
        .invalid, "no step of the run is in doubt",
        hint: "`\(commands.show)` shows where it stands")
    }
    throw CommandFailure(
      .invalid,
      named.isEmpty ? "no step `\(text)` is in doubt" : "`\(text)` may be one of several steps",
      hint: "these are in doubt: \(names)")
  }

  /// The result belongs to the step that is named, or to the only one that was done.
  private func read(
    _ argument: ResultArgument, into assumptions: inout [StepPath: Assumption]
  ) throws {
    let done = assumptions.filter { if case .done = $0.value { true } else { false } }.map(\.key)
    let doubt: StepDoubt
    if let step = argument.step {
      doubt = try self.doubt(named: step)
    } else {
      guard done.count == 1, let only = doubts.first(where: { $0.step == done[0] }) else {
        throw CommandFailure(
          .invalid, "`--result` does not say which step it is of", hint: "write `STEP=JSON`")
      }
      doubt = only
    }
    guard case .done(nil)? = assumptions[doubt.step] else {
      throw CommandFailure(
        .invalid, "`--result` gives the result of `\(doubt.step)`, which is not said to be done",
        hint: "write `--assume \(doubt.step)=done` beside it")
    }
    assumptions[doubt.step] = .done(try result(argument.json, of: doubt.operation))
  }

  private func result(_ text: String, of operation: Operation) throws -> ValueMap {
    let value: Value
    do {
      value = try JSON.parse(Array(text.utf8))
    } catch {
      throw CommandFailure(.invalid, "`--result` is not JSON: \(error)")
    }
    let names = operation.answer.map { "\($0) (\($1.type.name))" }.joined(separator: ", ")
    guard case .map(let given) = value else {
      throw CommandFailure(
        .invalid, "`--result` must be a JSON object", hint: "its fields are \(names)")
    }
    let fields: ValueMap
    do throws(InvalidInput) {
      fields = try operation.givenResult(given)
    } catch {
      throw CommandFailure(
        .invalid, error.diagnostics.map(\.message).joined(separator: "\n  "),
        hint: error.diagnostics.lazy.compactMap(\.hint).first ?? "its fields are \(names)")
    }
    let missing = Self.needed(of: operation).filter { (fields[$0] ?? .null) == .null }
    guard missing.isEmpty || missing.count < Self.needed(of: operation).count else {
      throw CommandFailure(
        .invalid, "`--result` holds none of the result fields of `\(operation.id)`",
        hint: "they are \(missing.joined(separator: ", "))")
    }
    return fields
  }

  /// What a later step may need of it.
  private static func needed(of operation: Operation) -> [String] {
    operation.answer.keys.filter { $0 != "commandId" }
  }

  /// What a later step may need must come from somewhere.
  private func refuseMissingResults(in assumptions: [StepPath: Assumption]) throws {
    for doubt in doubts {
      guard case .done(nil)? = assumptions[doubt.step], doubt.read == nil else { continue }
      let needed = Self.needed(of: doubt.operation)
      guard !needed.isEmpty else { continue }
      throw CommandFailure(
        .invalid, "no read shows the result of `\(doubt.step)`, so it must be given",
        hint: "add `--result '{\(needed.map { "\"\($0)\": …" }.joined(separator: ", "))}'`")
    }
  }
}
