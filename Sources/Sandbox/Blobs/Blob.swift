import Files
import NIOCore

/// An open file with the bytes of one payload; closed when nobody holds it any more.
///
/// Both functions block: they belong on a thread that may.
struct Blob: Sendable {
  let file: OpenFile

  /// Writes all of `bytes` at the end.
  func append(_ bytes: ByteBuffer) throws(BlobError) {
    do throws(FileError) {
      try bytes.withUnsafeReadableBytes { space throws(FileError) in try file.write(space) }
    } catch {
      throw .failed(error)
    }
  }

  /// Up to `count` bytes at `offset`; none at the end.
  func read(at offset: Int, count: Int) throws(BlobError) -> ByteBuffer {
    var buffer = ByteBuffer()
    do throws(FileError) {
      _ = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
        space throws(FileError) in
        try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]))
      }
    } catch {
      throw .failed(error)
    }
    return buffer
  }
}

/// Why a blob cannot be kept or read.
enum BlobError: Error {
  case failed(FileError)
  /// All blobs together would be larger than allowed.
  case full
  /// Its file has fewer bytes than were written.
  case cut
}
