import Events
import Machine
import Operations
import Running
import Synchronization

/// A service that the runs of tenants ask for one thing each, by the names of the tenants.
final class TenantService: Transport {
  private struct State: Sendable {
    /// The tenants whose requests get no response yet.
    var held: Set<String> = []
    /// Those requests.
    var waiting: [String: AsyncStream<Void>.Continuation] = [:]
    /// The statuses of the next responses; 200 where there is none.
    var statuses: [String: [Int]] = [:]
    var inFlight = 0
    var peak = 0
  }

  private let state = Mutex(State())
  private let log: WordLog

  init(log: WordLog) {
    self.log = log
  }

  /// How many requests were without a response at once, at most.
  var peak: Int { state.withLock { $0.peak } }

  /// Lets requests of `tenant` wait until it is released.
  func hold(_ tenant: String) { state.withLock { _ = $0.held.insert(tenant) } }

  func release(_ tenant: String) {
    state.withLock { state in
      state.held.remove(tenant)
      state.waiting.removeValue(forKey: tenant)?.finish()
    }
  }

  /// Sets the statuses of the next responses to `tenant`.
  func answer(_ tenant: String, _ statuses: Int...) {
    state.withLock { $0.statuses[tenant] = statuses }
  }

  func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse {
    let tenant = request.path.split(separator: "/").last.map(String.init) ?? ""
    let hold = begin(tenant)
    log.add("sent \(tenant)")
    if let hold { for await _ in hold {} }
    let status = end(tenant)
    guard !Task.isCancelled else {
      throw TransportFailure(.broken, "stopped", mayHaveBeenSent: true)
    }
    return APIResponse(
      status: status, headers: [HTTPField("Content-Type", "application/json")],
      body: Array(#"["started"]"#.utf8))
  }

  func connect() async throws(TransportFailure) -> any MessageSocket {
    throw TransportFailure(.unreachable, "no socket", mayHaveBeenSent: false)
  }

  private func begin(_ tenant: String) -> AsyncStream<Void>? {
    state.withLock { state in
      state.inFlight += 1
      state.peak = max(state.peak, state.inFlight)
      guard state.held.contains(tenant) else { return nil }
      let (hold, continuation) = AsyncStream.makeStream(of: Void.self)
      state.waiting[tenant] = continuation
      return hold
    }
  }

  private func end(_ tenant: String) -> Int {
    state.withLock { state in
      state.inFlight -= 1
      guard let status = state.statuses[tenant]?.first else { return 200 }
      state.statuses[tenant]?.removeFirst()
      return status
    }
  }
}

/// What happened, in order, in a few words each.
final class WordLog: Sendable {
  private let state = Mutex<[String]>([])

  var words: [String] { state.withLock { $0 } }

  func add(_ word: String) { state.withLock { $0.append(word) } }

  /// The words that begin with `prefix`, without it.
  func words(after prefix: String) -> [String] {
    words.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  func count(_ word: String) -> Int { words.count { $0 == word } }

  /// Returns once `word` happened so often; the suite limits the time.
  func wait(for word: String, count: Int = 1) async throws {
    while self.count(word) < count { try await Task.sleep(for: .milliseconds(1)) }
  }
}
