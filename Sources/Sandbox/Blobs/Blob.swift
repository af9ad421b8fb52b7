import Glibc
import NIOCore

/// An open file with the bytes of one payload; closed when nobody holds it any more.
///
/// Both functions block: they belong on a thread that may.
final class Blob: Sendable {
  private let descriptor: Int32

  /// Takes the descriptor over.
  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Writes all of `bytes` at the end.
  func append(_ bytes: ByteBuffer) throws(BlobError) {
    var rest = bytes
    while rest.readableBytes > 0 {
      let count = rest.withUnsafeReadableBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .failed(errno) }
      rest.moveReaderIndex(forwardBy: count)
    }
  }

  /// Up to `count` bytes at `offset`; none at the end.
  func read(at offset: Int, count: Int) throws(BlobError) -> ByteBuffer {
    var buffer = ByteBuffer()
    repeat {
      let result = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
        max(0, pread(descriptor, space.baseAddress, count, offset))
      }
      if result > 0 || errno != EINTR { return buffer }
    } while true
  }
}

/// Why a blob cannot be kept.
enum BlobError: Error {
  /// The number of the system's error.
  case failed(Int32)
  /// All blobs together would be larger than allowed.
  case full
}
