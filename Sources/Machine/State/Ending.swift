import Events
import Expressions
import Operations
import Playbooks

/// How a node ended, and the innermost step that decided it.
struct Ending: Sendable, Hashable {
  var result: StepResult
  var origin: StepPath?

  init(_ result: StepResult, origin: StepPath? = nil) {
    self.result = result
    self.origin = origin
  }

  static let succeeded = Ending(StepResult(outcome: .succeeded))
  static let cancelled = Ending(StepResult(outcome: .cancelled))

  /// Whether what follows may begin.
  var allowsContinuation: Bool { result.outcome.allowsContinuation }
}

/// Why a step was stopped before its work was done.
enum StopCause: Sendable, Hashable {
  case cancelled(Cancellation)
  /// Its own time is up.
  indirect case timedOut(Failure)

  /// Why the steps below one that is stopped at `path` are stopped.
  func passedDown(from path: StepPath) -> Cancellation {
    switch self {
    case .cancelled(let cancellation): cancellation
    case .timedOut: .timeUp(of: path)
    }
  }
}

/// What from outside a step ended it.
enum Cancellation: Sendable, Hashable {
  /// Somebody asked the run to stop.
  case requested
  /// Another step of the same group failed.
  case sibling
  /// The time of a group around it is up.
  case timeUp(of: StepPath)
}

extension Ending {
  /// What `rescue` steps, and the results of a loop that continues, know as `error`.
  var errorVariable: Value {
    guard let failure = result.failure else { return [:] }
    return [
      "class": .string(failure.kind.rawValue),
      "reason": .string(failure.reason ?? ""),
      "message": .string(failure.message),
      "status": failure.status.map { .int(Int64($0)) } ?? .null,
      "step": origin.map { .string($0.description) } ?? .null,
      "answer": failure.answer,
    ]
  }

  /// What a round that was not gone through to its end has as `error`.
  static func roundVariable(_ message: String) -> Value {
    [
      "class": "cancelled", "reason": "", "message": .string(message), "status": nil, "step": nil,
      "answer": nil,
    ]
  }

  /// The same end of a step that gives `value` all the same.
  func giving(_ value: Value) -> Ending {
    var ending = self
    ending.result.value = value
    return ending
  }
}
