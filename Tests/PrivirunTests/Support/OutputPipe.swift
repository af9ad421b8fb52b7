import Dispatch
import Foundation
import Glibc

/// What a child process writes to, and where that comes out.
struct OutputPipe {
  let reading: Int32
  let writing: Int32

  /// Neither end is handed down to any process by itself.
  init() throws {
    // A socket pair can be made so in one go; a pipe would be bequeathed for a moment.
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw POSIXError(.EMFILE) }
    (reading, writing) = (ends[0], ends[1])
  }

  /// The lines that come, each with its newline; they end when nobody can write any more.
  ///
  /// Closes the reading end when it is done; to be called once.
  func lines() -> AsyncStream<String> {
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    let buffer = LineBuffer(continuation)
    let descriptor = reading
    let channel = DispatchIO(
      type: .stream, fileDescriptor: descriptor, queue: .global(),
      cleanupHandler: { _ in close(descriptor) })
    channel.setLimit(lowWater: 1)
    channel.read(offset: 0, length: .max, queue: .global()) { isDone, data, _ in
      if let data, !data.isEmpty { buffer.take(Data(data)) }
      guard isDone else { return }
      buffer.end()
      channel.close()
    }
    return lines
  }
}
