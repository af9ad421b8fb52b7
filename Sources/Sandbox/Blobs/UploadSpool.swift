import NIOCore
import NIOPosix

/// The bytes of one upload as they come: in memory while they are few, then in a file.
struct UploadSpool {
  /// More bytes that wait to be written hold the client up.
  private static let mostWaiting = 512 << 10

  private let store: BlobStore
  private let memoryLimit: Int
  private let loop: any EventLoop
  private var waiting = ByteBuffer()
  private var file: (id: BlobID, blob: Blob)?
  /// Bytes that came in all.
  private(set) var count = 0
  /// Whether bytes are on their way to the file.
  var isWriting = false

  init(_ store: BlobStore, memoryLimit: Int, on loop: any EventLoop) {
    self.store = store
    self.memoryLimit = memoryLimit
    self.loop = loop
  }

  /// Whether the client should wait.
  var isBehind: Bool { file != nil && waiting.readableBytes >= Self.mostWaiting }

  /// All that came, once nothing waits any more.
  var payload: Payload {
    if let file { return .stored(file.id, byteCount: count) }
    return .memory(Array(waiting.readableBytesView))
  }

  mutating func append(_ part: ByteBuffer) throws(BlobError) {
    count += part.readableBytes
    if file == nil, count > memoryLimit {
      let made = try store.create()
      file = made
      try reserve(waiting.readableBytes, for: made.id)
    }
    if let file { try reserve(part.readableBytes, for: file.id) }
    waiting.writeImmutableBuffer(part)
  }

  private func reserve(_ count: Int, for id: BlobID) throws(BlobError) {
    do {
      try store.reserve(count, for: id)
    } catch {
      store.remove(id)
      throw error
    }
  }

  /// Begins to write what waits; nil when nothing is to be written.
  mutating func flush() -> EventLoopFuture<Void>? {
    guard let file, waiting.readableBytes > 0 else { return nil }
    let bytes = waiting
    waiting = ByteBuffer()
    isWriting = true
    return NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try file.blob.append(bytes) }
  }

  /// Gives up: what was written goes.
  func discard() {
    if let file { store.remove(file.id) }
  }
}
