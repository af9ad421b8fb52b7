import Events
import Machine
import Operations
import OrderedCollections
import Planning
import Playbooks
import Sandbox

/// Follows accepted commands: what the service made of them, what it said of that, and what is
/// recorded.
struct CommandWatch: Sendable {
  /// An outcome that is there for so much longer than the longest interval between polls must have been
  /// asked for.
  private static let slack = Duration.seconds(15)
  /// How long a `Retry-After` is obeyed at most.
  private static let longestRetryAfter = Duration.seconds(300)

  private struct Awaited: Sendable {
    let path: StepPath
    /// Whether data follows the command's success, of which nothing is recorded then.
    let bringsData: Bool
    /// Since when nobody asked.
    var silentSince: Moment
  }

  private let longestSilence: Duration
  /// The beginnings of the paths that polls go to.
  private let pollPaths: [String]
  /// By their ids, the commands whose outcome a step in progress waits for.
  private var awaited: [String: Awaited] = [:]
  /// What the process heard of commands, and whether they succeeded.
  private var heard: [String: CommandState] = [:]
  /// The polls on their way.
  private var polls: [RequestID: String] = [:]
  private var outcomes: [String: (outcome: CommandOutcome, at: Moment)] = [:]
  /// Whether something came, or was recorded, that a comparison is due for.
  private(set) var mustLook = false

  init(_ api: APIDescription, _ settings: RunSettings) {
    longestSilence = settings.polls.longestWaitInterval + Self.slack
    pollPaths =
      api.operations[api.roles.commandStatus]?.routes.map { String($0.path.prefix { $0 != "{" }) }
      ?? []
  }
}

/// The service.
extension CommandWatch {
  mutating func settled(_ command: String, as outcome: CommandOutcome, at moment: Moment) {
    outcomes[command] = (outcome, moment)
  }
}

/// The process.
extension CommandWatch {
  mutating func sent(_ request: APIRequest, _ id: RequestID, at now: Moment) {
    guard let path = pollPaths.first(where: { request.path.hasPrefix($0) }) else { return }
    let command = String(request.path.dropFirst(path.count))
    polls[id] = command
    awaited[command]?.silentSince = now
  }

  mutating func received(_ input: RunInput, at now: Moment) {
    switch input {
    case .received(_, let text):
      for case .commandStatus(let command, let state, _) in ServiceMessage.all(in: text) {
        hear(state, of: command)
      }
    case .answered(let id, let response):
      guard let command = polls.removeValue(forKey: id) else { return }
      if response.header("Retry-After") != nil {
        awaited[command]?.silentSince = now + Self.longestRetryAfter
      }
      switch CommandStatus.read(response) {
      case .succeeded: hear(.succeeded, of: command)
      case .rejected: hear(.failed(reason: nil), of: command)
      case .inFlight, .unknown, .notKnown, .problem: break
      }
    case .start, .exchangeFailed, .performed, .performFailed, .connected, .connectFailed,
      .disconnected, .tick, .cancel, .decide, .voteSlotGranted, .voteSlotAwaited:
      break
    }
  }

  private mutating func hear(_ state: CommandState, of command: String) {
    guard state != .pending else { return }
    heard[command] = state
    mustLook = true
  }

  mutating func processEnded() { (heard, polls) = ([:], [:]) }

  mutating func processBegan(at now: Moment) {
    for command in awaited.keys { awaited[command]?.silentSince = now }
  }

  /// What the process heard, and should have recorded by now.
  mutating func objectionAtRest() -> String? {
    guard mustLook else { return nil }
    mustLook = false
    for (command, wait) in awaited.sorted(by: { $0.key < $1.key }) {
      guard let state = heard[command], !wait.bringsData || state.isFailure else { continue }
      return "the outcome of command \(command) came, but is not recorded of `\(wait.path)`"
    }
    return nil
  }
}

/// The record.
extension CommandWatch {
  mutating func objection(to event: RunEvent, at now: Moment) -> Objection? {
    switch event.kind {
    case .requestAnswered(let path, let answer):
      forget(path)
      guard let command = answer.commandID, (200..<300).contains(answer.status) else { return nil }
      awaited[command] = Awaited(
        path: path, bringsData: answer.requestID != nil, silentSince: now)
      mustLook = true
    case .commandSettled(_, let verdict):
      awaited[verdict.commandID] = nil
      return objection(to: verdict)
    case .stepFinished(let path, let result):
      defer { forget(path) }
      return silence(of: path, result.failure?.kind == .timeout, at: now)
    case .attemptFailed(let path, _, let failure, _):
      defer { forget(path) }
      return silence(of: path, failure.kind == .timeout, at: now)
    case .workEnded(let path, let end):
      defer { forget(path) }
      return silence(of: path, end.result.failure?.kind == .timeout, at: now)
    case .undoing(let path, let undoing):
      defer { forget(path) }
      return silence(of: path, undoing.end.result.failure?.kind == .timeout, at: now)
    case .requestIntended(let path, _), .doubtSettled(let path, _),
      .dataArrived(let path, _, _, _):
      forget(path)
    case .runStarted, .sessionChanged, .stepStarted, .attemptStarted, .stepReused, .actionIntended,
      .commandPending, .stateCompared, .stepWaiting, .approvalRequested, .approvalDecided,
      .effectRecorded, .stopping,
      .serviceChanged, .cancelRequested, .internalError, .runFinished, .runResumed,
      .rollout:
      break
    }
    return nil
  }

  private mutating func forget(_ path: StepPath) {
    for (command, wait) in awaited where wait.path == path { awaited[command] = nil }
  }

  private func objection(to verdict: CommandVerdict) -> Objection? {
    let recorded: CommandOutcome
    switch verdict.state {
    case .succeeded: recorded = .succeeded
    case .rejected: recorded = .rejected
    case .unknown: return nil
    }
    let actual = outcomes[verdict.commandID]?.outcome
    guard actual != recorded else { return nil }
    let word = actual.map { "\($0)" } ?? "in progress"
    return Objection(
      property: .contradiction,
      detail: "command \(verdict.commandID) is recorded as \(recorded), and is \(word)")
  }

  /// Whether a step gave up waiting for an outcome that was there and that nobody asked for.
  private func silence(of path: StepPath, _ hasGivenUp: Bool, at now: Moment) -> Objection? {
    guard hasGivenUp else { return nil }
    for (command, wait) in awaited where wait.path == path {
      guard let outcome = outcomes[command] else { continue }
      let since = max(outcome.at, wait.silentSince)
      guard now - since >= longestSilence else { continue }
      return Objection(
        property: .lostOutcome,
        detail: "`\(path)` gave up on command \(command), whose outcome nobody had asked for in "
          + "\((now - since).components.seconds) s")
    }
    return nil
  }
}

extension CommandState {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
