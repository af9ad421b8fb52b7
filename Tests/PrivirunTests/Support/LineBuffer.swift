import Foundation
import Synchronization

/// Cuts what comes in pieces into lines.
final class LineBuffer: Sendable {
  private let rest = Mutex(Data())
  private let lines: AsyncStream<String>.Continuation

  init(_ lines: AsyncStream<String>.Continuation) {
    self.lines = lines
  }

  /// Takes the next piece.
  func take(_ data: Data) {
    rest.withLock { rest in
      rest += data
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        lines.yield(String(decoding: rest[...end], as: UTF8.self))
        rest = Data(rest[rest.index(after: end)...])
      }
    }
  }

  /// Nothing follows; what has no newline is the last line.
  func end() {
    rest.withLock { rest in
      if !rest.isEmpty { lines.yield(String(decoding: rest, as: UTF8.self)) }
      rest = Data()
    }
    lines.finish()
  }
}
