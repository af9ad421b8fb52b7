import Glibc
import Synchronization

/// Standard output or standard error.
enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// The system's error that ended each stream; both belong to the process, and so does this.
  private static let ends = Mutex<[StandardStream: Int32]>([:])

  /// Writes all of `text`; stops quietly when nobody reads any more.
  ///
  /// After a failure nothing further is written, so that what is there has no gap.
  func write(_ text: String) {
    guard end == nil else { return }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(rawValue, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        waitForRoom()
        continue
      }
      guard count > 0 else {
        let reason = errno
        return Self.ends.withLock { $0[self] = reason }
      }
      written += count
    }
  }

  /// Why something was lost, when it was not because its reader had gone.
  var loss: String? {
    guard let end, end != EPIPE else { return nil }
    return String(cString: strerror(end))
  }

  var isTerminal: Bool { isatty(rawValue) == 1 }

  private var end: Int32? { Self.ends.withLock { $0[self] } }

  /// Somebody has made the stream one that does not wait by itself.
  private func waitForRoom() {
    var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    _ = poll(&descriptor, 1, 1000)
  }
}
