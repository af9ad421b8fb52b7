import NIOCore
import NIOPosix
import Running

/// Reads a file on a thread that may block, no faster than the connection takes it.
///
/// Everything here happens on the event loop of the connection.
final class UploadPump {
  /// What the connection does next.
  enum Step {
    case write(ByteBuffer)
    case end
    case fail(any Error)
  }

  private let source: PayloadSource
  private let loop: any EventLoop
  private let perform: (Step) -> Void
  private var isReading = false
  private var isOver = false

  /// Calls `perform` with each piece, then with the end.
  init(
    of source: PayloadSource, on loop: any EventLoop, performing perform: @escaping (Step) -> Void
  ) {
    self.source = source
    self.loop = loop
    self.perform = perform
  }

  /// Reads the next piece, unless one is being read or nothing is left.
  func proceed() {
    guard !isReading, !isOver else { return }
    isReading = true
    let source = source
    NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try source.next() }
      .assumeIsolated().whenComplete { [self] result in
        isReading = false
        guard !isOver else { return }
        switch result {
        case .success(let piece?): perform(.write(ByteBuffer(bytes: piece)))
        case .success(nil):
          isOver = true
          perform(.end)
        case .failure(let error):
          isOver = true
          perform(.fail(error))
        }
      }
  }

  /// The connection takes no more.
  func stop() { isOver = true }
}
