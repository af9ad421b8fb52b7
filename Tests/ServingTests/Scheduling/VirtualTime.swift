import Operations
import Serving
import Synchronization

/// A clock that goes on when a test says so, and tasks that run then alone.
final class VirtualTime: Sendable {
  private struct Sleeper: Sendable {
    let number: Int
    let until: Duration
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State: Sendable {
    var uptime = Duration.zero
    var offset: Moment
    var sleepers: [Sleeper] = []
    var cancelled: Set<Int> = []
    var last = 0
  }

  let executor = ManualExecutor()
  private let state: Mutex<State>

  init(at moment: Moment) {
    state = Mutex(State(offset: moment))
  }

  var now: Moment { state.withLock { $0.offset + $0.uptime } }

  var clock: DaemonClock {
    DaemonClock(
      now: { self.now }, uptime: { self.state.withLock { $0.uptime } },
      sleep: { try await self.sleep($0) })
  }

  /// The time of day jumps, and no time passes.
  func jump(by duration: Duration) {
    state.withLock { $0.offset = $0.offset + duration }
    executor.drain()
  }

  /// Lets time pass, instant by instant, and everything happen that follows.
  func pass(_ duration: Duration) {
    executor.drain()
    let end = state.withLock { $0.uptime } + duration
    while let sleeper = next(until: end) {
      sleeper.continuation.resume()
      executor.drain()
    }
    state.withLock { $0.uptime = end }
    executor.drain()
  }

  private func next(until end: Duration) -> Sleeper? {
    state.withLock { state in
      let first = state.sleepers.filter { $0.until <= end }
        .min { ($0.until, $0.number) < ($1.until, $1.number) }
      guard let first else { return nil }
      state.sleepers.removeAll { $0.number == first.number }
      state.uptime = max(state.uptime, first.until)
      return first
    }
  }

  private func sleep(_ duration: Duration) async throws {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          guard state.cancelled.remove(number) == nil else { return true }
          state.sleepers.append(
            Sleeper(number: number, until: state.uptime + duration, continuation: continuation))
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
          state.cancelled.insert(number)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }
}
