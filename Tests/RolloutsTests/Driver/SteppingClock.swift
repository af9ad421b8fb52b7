import Operations
import Synchronization

/// A clock of virtual time, which goes on to whoever wakes first.
///
/// Each step waits a moment, in which whoever was woken does what it has to do. Nothing depends on
/// that being enough: time then only passes earlier than it would have to.
final class SteppingClock: Sendable {
  private struct State: Sendable {
    var now = Moment(nanoseconds: 1_800_000_000_000_000_000)
    var sleepers: [(wakes: Moment, sleep: AsyncStream<Void>.Continuation)] = []
  }

  private let state = Mutex(State())

  var now: Moment { state.withLock { $0.now } }

  func sleep(_ duration: Duration) async throws {
    let (sleep, continuation) = AsyncStream.makeStream(of: Void.self)
    state.withLock { $0.sleepers.append(($0.now + duration, continuation)) }
    for await _ in sleep {}
    try Task.checkCancellation()
  }

  /// Lets time pass while `body` runs.
  func passing<Result: Sendable>(
    while body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(1))
          self.step()
        }
      }
      return try await body()
    }
  }

  private func step() {
    state.withLock { state in
      guard let first = state.sleepers.map(\.wakes).min() else { return }
      state.now = max(state.now, first)
      for sleeper in state.sleepers where sleeper.wakes <= state.now { sleeper.sleep.finish() }
      state.sleepers.removeAll { $0.wakes <= state.now }
    }
  }
}
