import Glibc
import NIOCore

/// Finds values in JSON without parsing it.
enum TextScan {
  /// The first string that stands after `mark`, or the first of all without a mark.
  ///
  /// That is the value of a member where `mark` is its name in quotes, and the first name of an object
  /// where it is that of the object.
  static func string(after mark: String?, in body: ByteBuffer) -> String? {
    body.withUnsafeReadableBytes { bytes in
      guard let start = mark.map({ end(of: $0, in: bytes) }) ?? 0 else { return nil }
      guard let opening = bytes[start...].firstIndex(of: quote) else { return nil }
      guard let closing = bytes[(opening + 1)...].firstIndex(of: quote) else { return nil }
      return String(decoding: bytes[(opening + 1)..<closing], as: UTF8.self)
    }
  }

  /// The first digit that stands after `mark`.
  static func digit(after mark: String, in body: ByteBuffer) -> Int? {
    body.withUnsafeReadableBytes { bytes in
      guard let start = end(of: mark, in: bytes) else { return nil }
      return bytes[start...].first { (48...57).contains($0) }.map { Int($0) - 48 }
    }
  }

  static func contains(_ text: String, in body: ByteBuffer) -> Bool {
    body.withUnsafeReadableBytes { end(of: text, in: $0) != nil }
  }

  private static let quote = UInt8(ascii: "\"")

  /// The offset behind the first occurrence of `mark`.
  private static func end(of mark: String, in bytes: UnsafeRawBufferPointer) -> Int? {
    var mark = mark
    return mark.withUTF8 { (mark: UnsafeBufferPointer<UInt8>) -> Int? in
      guard let base = bytes.baseAddress, let start = mark.baseAddress else { return nil }
      var offset = 0
      while let found = memchr(base + offset, Int32(start[0]), bytes.count - offset) {
        offset = UnsafeRawPointer(found) - base
        guard offset + mark.count <= bytes.count else { return nil }
        if memcmp(found, start, mark.count) == 0 { return offset + mark.count }
        offset += 1
      }
      return nil
    }
  }
}
