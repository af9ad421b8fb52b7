import CZlib
import Synchronization

/// Compression of stored forms: raw DEFLATE (RFC 1951), primed with texts that are frequent in them.
///
/// Each form is compressed alone, so that no flaw in one makes another unreadable.
enum Deflate {
  /// 4 KiB: events of one commit are seldom longer, and the memory for a form stays small.
  private static let windowBits: Int32 = 12
  private static let memoryLevel: Int32 = 5
  private static let level: Int32 = 6
  private static let pieceCount = 1 << 16

  /// A stream that has read its dictionary and nothing else: to copy it costs a third of making another.
  final class Primed: Sendable {
    /// Never moved, as zlib requires of its streams.
    private let stream: Mutex<z_stream>
    private let isReady: Bool

    /// To be kept in a global: its memory is never freed.
    init(_ dictionary: [UInt8]) {
      stream = Mutex(z_stream())
      isReady = stream.withLock { Deflate.prime(&$0, with: dictionary) }
    }

    /// `bytes` compressed; nil when zlib has no memory.
    func compress(_ bytes: [UInt8]) -> [UInt8]? {
      guard isReady else { return nil }
      return stream.withLock { stream in
        var copy = z_stream()
        guard deflateCopy(&copy, &stream) == Z_OK else { return nil }
        defer { deflateEnd(&copy) }
        return Deflate.pump(bytes, through: &copy, atMost: .max) { deflate(&$0, Z_FINISH) }
      }
    }
  }

  /// `bytes` compressed; nil when zlib has no memory.
  static func compress(_ bytes: [UInt8], with dictionary: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard prime(&stream, with: dictionary) else { return nil }
    defer { deflateEnd(&stream) }
    return pump(bytes, through: &stream, atMost: .max) { deflate(&$0, Z_FINISH) }
  }

  fileprivate static func prime(_ stream: inout z_stream, with dictionary: [UInt8]) -> Bool {
    guard privirun_deflate_init(&stream, level, -windowBits, memoryLevel) == Z_OK else {
      return false
    }
    guard deflateSetDictionary(&stream, dictionary, UInt32(dictionary.count)) == Z_OK else {
      deflateEnd(&stream)
      return false
    }
    return true
  }

  /// What `compress` was given; nil for anything else, and for more than `limit` bytes.
  static func expand(
    _ bytes: [UInt8], with dictionary: [UInt8], atMost limit: Int
  ) -> [UInt8]? {
    var stream = z_stream()
    guard privirun_inflate_init(&stream, -windowBits) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    guard inflateSetDictionary(&stream, dictionary, UInt32(dictionary.count)) == Z_OK else {
      return nil
    }
    return pump(bytes, through: &stream, atMost: limit) { inflate(&$0, Z_NO_FLUSH) }
  }

  /// Everything that `step` makes of `bytes` up to the end of the stream.
  fileprivate static func pump(
    _ bytes: [UInt8], through stream: inout z_stream, atMost limit: Int,
    step: (inout z_stream) -> Int32
  ) -> [UInt8]? {
    guard bytes.count <= UInt32.max else { return nil }
    var (input, output) = (bytes, [UInt8]())
    var piece = [UInt8](repeating: 0, count: min(pieceCount, max(256, bytes.count * 4)))
    return input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      while true {
        let (status, count) = piece.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          let status = step(&stream)
          return (status, target.count - Int(stream.avail_out))
        }
        output += piece[..<count]
        guard output.count <= limit else { return nil }
        if status == Z_STREAM_END { return stream.avail_in == 0 ? output : nil }
        guard status == Z_OK, count > 0 else { return nil }
      }
    }
  }
}
