import Glibc
import Synchronization

/// Standard output or standard error.
enum StandardStream: Int32, Sendable, CaseIterable {
  case output = 1
  case error = 2

  /// Why something written to a stream was lost.
  enum Loss: Sendable, Hashable {
    /// The system's error.
    case failed(Int32)
    /// Nobody read the stream, and no more is kept for it.
    case unread
  }

  /// Why each stream ended; both belong to the process, and so does this.
  private static let ends = Mutex<[StandardStream: Loss]>([:])
  /// What is written without waiting for a reader.
  private static let outputQueue = StreamQueue(.output)
  private static let errorQueue = StreamQueue(.error)

  /// Opens `/dev/null` in place of each of the three standard descriptors that is closed, so that no
  /// file opened later takes its number.
  static func openMissing() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is taken, which is this one.
      _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
    }
  }

  /// Writes all of `text` and waits for the reader; stops quietly when there is none any more.
  ///
  /// After a failure nothing further is written, so that what is there has no gap.
  func write(_ text: String) {
    flush(within: .seconds(10))
    writeNow(text)
  }

  /// Writes `text` soon, without waiting for the reader.
  ///
  /// What nobody reads is kept up to `StreamQueue.capacity`; then the stream ends there.
  func post(_ text: String) {
    guard !text.isEmpty, end == nil else { return }
    if !queue.add(text) { finish(.unread) }
  }

  /// Writes `text` soon, if there is room for it, and returns whether there is.
  ///
  /// Unlike with `post`, the stream goes on when there is none.
  func offer(_ text: String) -> Bool { end == nil && queue.add(text) }

  /// Whether much posted text waits for the reader, such as on a terminal that Ctrl-S stopped.
  var isBehind: Bool { queue.isBehind }

  /// Waits until all posted text is written, as long as the reader takes something within `patience`;
  /// on a terminal, for as long as that takes.
  func flush(within patience: Duration) {
    if !queue.drain(within: isTerminal ? nil : patience) { finish(.unread) }
  }

  /// Writes all of `text`, on whatever thread this is.
  func writeNow(_ text: String) {
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
      guard count > 0 else { return finish(.failed(errno)) }
      written += count
    }
  }

  /// Why something was lost, unless it was because its reader closed the stream.
  var loss: String? {
    switch end {
    case .failed(let code): code == EPIPE ? nil : String(cString: strerror(code))
    case .unread: "nobody reads it"
    case nil: nil
    }
  }

  var isTerminal: Bool { isatty(rawValue) == 1 }

  private var end: Loss? { Self.ends.withLock { $0[self] } }

  private func finish(_ loss: Loss) {
    Self.ends.withLock { ends in
      if ends[self] == nil { ends[self] = loss }
    }
  }

  private var queue: StreamQueue {
    switch self {
    case .output: Self.outputQueue
    case .error: Self.errorQueue
    }
  }

  /// Somebody has made the stream a non-blocking one.
  private func waitForRoom() {
    var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    _ = poll(&descriptor, 1, 1000)
  }
}
