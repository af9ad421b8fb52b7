import Logging
import Operations
import Serving
import Synchronization

/// A log whose lines are kept, as far as there is room for them.
final class WrittenLines: Sendable {
  private struct State {
    var lines: [String] = []
    var room = Int.max
  }

  private let state = Mutex(State())

  /// All that was written.
  var lines: [String] { state.withLock { $0.lines } }

  /// How many further lines are written; the others find no room.
  func makeRoom(for count: Int) { state.withLock { $0.room = count } }

  /// A logger at 2026-11-30T05:00:00Z that writes here.
  func logger(
    _ format: LogFormat = .text, for reader: LogReader = .systemdJournal,
    level: Logger.Level = .trace,
    scrub: @escaping @Sendable (String) -> String = { $0 }
  ) -> Logger {
    let now = Moment(nanoseconds: 1_796_014_800_000_000_000)
    return DaemonLog.logger(
      LogOutput(format, for: reader, now: { now }, scrub: scrub, write: { self.add($0) }),
      level: level)
  }

  private func add(_ line: String) -> Bool {
    state.withLock { state in
      guard state.room > 0 else { return false }
      state.room -= 1
      state.lines.append(line)
      return true
    }
  }
}
