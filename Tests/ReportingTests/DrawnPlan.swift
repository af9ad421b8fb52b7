import EventSamples
import Events
import Expressions
import Operations
import Playbooks

@testable import Reporting

/// The events of a plan, drawn as text: a sign, and what `DrawnRun` draws.
///
///     + profile call profile.register-new-profile #Register_it
///     : stores for-each store
///     :   [0] vault-a
///     ?     device call device.approve-device
///
/// The signs are those of a plan, `c` for a conflict, `x` for a step that failed, `t` for one that is tolerated, `:` for groups
/// and reads. Spaces in names are drawn as `_`.
struct DrawnPlan {
  private(set) var events: [RunEvent]

  /// The plan that `text` draws, with `changes` made to the results of the steps with these paths.
  ///
  /// It failed at the first step that did, unless `ending` says otherwise.
  init(
    _ text: String, _ changes: [String: @Sendable (inout StepResult) -> Void] = [:],
    ending: RunResult? = nil
  ) {
    let lines = text.split(separator: "\n").map(String.init)
    var signs = lines.filter(Self.isStep).map { $0.prefix(1) }[...]
    var signed: [StepPath: Substring] = [:]
    events = DrawnRun(lines.map { String($0.dropFirst(2)) }.joined(separator: "\n")).events
    var failed: (StepPath, Failure)?
    for index in events.indices {
      switch events[index].kind {
      case .stepStarted(let path, var summary):
        signed[path] = signs.popFirst()
        summary.title = String(summary.title.map { $0 == "_" ? " " : $0 })
        events[index].kind = .stepStarted(path, summary)
      case .stepFinished(let path, _):
        var result = Self.result(signed[path] ?? ":")
        changes[path.description]?(&result)
        if let failure = result.failure, result.outcome == .failed, failed == nil {
          failed = (path, failure)
        }
        events[index].kind = .stepFinished(path, result)
      case .runFinished:
        let usual =
          failed.map { RunResult(outcome: .failed, failure: $1, failedStep: $0) }
          ?? RunResult(outcome: .succeeded)
        events[index].kind = .runFinished(ending ?? usual)
      case _: break
      }
    }
  }

  /// The same plan, of a run that was started so.
  func started(_ change: (inout RunStart) -> Void) -> DrawnPlan {
    var plan = self
    if case .runStarted(var start)? = events.first?.kind {
      change(&start)
      plan.events[0].kind = .runStarted(start)
    }
    return plan
  }

  /// Makes `change` to the result of every step.
  mutating func change(_ change: (inout StepResult) -> Void) {
    for index in events.indices {
      guard case .stepFinished(let path, var result) = events[index].kind else { continue }
      change(&result)
      events[index].kind = .stepFinished(path, result)
    }
  }

  /// The report of the plan.
  var report: PlanReport { PlanReport(of: events) }

  private static func isStep(_ line: String) -> Bool {
    let word = line.dropFirst().drop { $0 == " " }.prefix { $0 != " " }
    return !word.hasPrefix("[") && !word.hasPrefix(".") && word != "rescue" && word != "always"
  }

  private static func result(_ sign: Substring) -> StepResult {
    switch sign {
    case "+": StepResult(outcome: .succeeded, change: StateChange(.create))
    case "~": StepResult(outcome: .succeeded, change: StateChange(.change))
    case "-": StepResult(outcome: .succeeded, change: StateChange(.remove))
    case "!": StepResult(outcome: .unchanged, change: StateChange(.drift))
    case "c": StepResult(outcome: .succeeded, change: StateChange(.conflict))
    case "?": StepResult(outcome: .succeeded, change: StateChange(.unknown))
    case "=": StepResult(outcome: .unchanged, change: StateChange(.unchanged))
    case ".": StepResult(outcome: .skipped)
    case "x": StepResult(outcome: .failed, failure: Failure(.expectation, "no such thing"))
    case "t": StepResult(outcome: .tolerated, failure: Failure(.expectation, "no such thing"))
    case _: StepResult(outcome: .succeeded)
    }
  }
}
