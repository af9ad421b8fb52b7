package import Machine
import Synchronization

/// Bytes in memory that are read like a file.
package final class BytesFile: ReadableFile {
  /// How many bytes there are.
  package let size: Int
  private let rest: Mutex<ArraySlice<UInt8>>

  /// A file with these bytes.
  package init(_ bytes: [UInt8]) {
    size = bytes.count
    rest = Mutex(bytes[...])
  }

  /// The next bytes, at most `count`; none at the end.
  package func read(_ count: Int) throws(LocalFailure) -> [UInt8] {
    rest.withLock { rest in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}
