import Events
import Machine
import Operations
import Running
import Synchronization

/// A transport that answers at once and notes, in one list with the recorder, what came when.
final class ScriptedTransport: Transport {
  enum Note: Equatable, Sendable {
    case recorded([String])
    case sent(String)
  }

  private let notes = Mutex<[Note]>([])
  private let reply: @Sendable (APIRequest) async throws(TransportFailure) -> APIResponse

  init(
    reply: @escaping @Sendable (APIRequest) async throws(TransportFailure) -> APIResponse = { _ in
      APIResponse(
        status: 200, headers: [HTTPField("Content-Type", "application/json")],
        body: Array(#"{"token":"t"}"#.utf8))
    }
  ) {
    self.reply = reply
  }

  var log: [Note] { notes.withLock { $0 } }

  func note(_ note: Note) { notes.withLock { $0.append(note) } }

  func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse {
    note(.sent("\(request.method) \(request.path)"))
    return try await reply(request)
  }

  func connect() async throws(TransportFailure) -> any MessageSocket {
    throw TransportFailure(.unreachable, "no socket", mayHaveBeenSent: false)
  }
}

extension RunEvent {
  /// Its kind in a word, for tables.
  var word: String {
    switch kind {
    case .runStarted: "run-started"
    case .sessionChanged: "session"
    case .stepStarted(let path, _): "started \(path)"
    case .requestIntended(let path, _): "intended \(path)"
    case .requestAnswered(let path, _): "answered \(path)"
    case .commandPending, .commandSettled, .dataArrived, .stepWaiting, .approvalRequested: "waiting"
    case .doubtSettled(let path, let verdict): "\(verdict.isDone ? "done" : "not done") \(path)"
    case .stateCompared(let path, let comparison):
      "\(comparison.change.kind) \(comparison.done.count) \(path)"
    case .attemptStarted(let path, let attempt): "attempt \(attempt) \(path)"
    case .stepReused(let path, _, _): "reused \(path)"
    case .actionIntended(let path, _): "intended \(path)"
    case .approvalDecided(let path, _): "decided \(path)"
    case .workEnded(let path, _): "ended \(path)"
    case .effectRecorded(let path, _): "effect \(path)"
    case .undoing(let path, let undoing):
      "undoing \(path == .root ? "run" : "\(path)"): "
        + undoing.steps.map(\.description).joined(separator: ", ")
    case .stopping(let path, _): "stopping \(path)"
    case .internalError: "internal error"
    case .runResumed: "resumed"
    case .rollout: "rollout"
    case .attemptFailed(let path, _, _, _): "failed \(path)"
    case .stepFinished(let path, let result): "finished \(path) \(result.outcome.rawValue)"
    case .serviceChanged: "service"
    case .cancelRequested: "cancel"
    case .runFinished(let result): "run-finished \(result.outcome.rawValue)"
    }
  }
}
