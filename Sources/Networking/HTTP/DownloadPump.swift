import NIOCore
import NIOPosix
import Running

/// Writes a body to its file in large pieces, on a thread that may block, while more of it comes.
///
/// Everything here happens on the event loop of the connection, which reads nothing while `isFull`.
final class DownloadPump {
  /// Bytes that are gathered before they are written together.
  private static let pieceCount = PayloadSource.pieceCount

  private let sink: PayloadSink
  private let loop: any EventLoop
  private var rest: Int
  private var piece: [UInt8] = []
  private var isWriting = false
  private var failure: (any Error)?
  private var end: ((Result<Void, any Error>) -> Void)?
  /// Called when the connection may read again, or must end since the file cannot be written.
  var proceed: (() -> Void)?

  init(into sink: PayloadSink, limit: Int, on loop: any EventLoop) {
    self.sink = sink
    self.loop = loop
    rest = limit
  }

  /// Whether nothing more shall be read for now.
  var isFull: Bool { isWriting && piece.count >= Self.pieceCount }

  /// Why the file cannot be written.
  var flaw: (any Error)? { failure }

  /// Takes the next bytes; false when there are more than allowed.
  func receive(_ bytes: ByteBuffer) -> Bool {
    guard bytes.readableBytes <= rest else { return false }
    rest -= bytes.readableBytes
    piece.append(contentsOf: bytes.readableBytesView)
    if piece.count >= Self.pieceCount { write() }
    return true
  }

  /// The body is whole; calls `end` when all of it is written, or cannot be.
  func finish(_ end: @escaping (Result<Void, any Error>) -> Void) {
    self.end = end
    write()
  }

  private func write() {
    guard !isWriting else { return }
    if let failure { return conclude(.failure(failure)) }
    guard !piece.isEmpty else { return conclude(.success(())) }
    isWriting = true
    let (sink, bytes) = (sink, piece)
    piece = []
    NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try sink.write(bytes) }
      .assumeIsolated().whenComplete { [self] result in
        isWriting = false
        if case .failure(let error) = result { failure = error }
        if end != nil || piece.count >= Self.pieceCount { write() }
        proceed?()
      }
  }

  private func conclude(_ result: Result<Void, any Error>) {
    proceed = nil
    end?(result)
    end = nil
  }
}
