import Files

/// What the index of a write-ahead log says about it, the shared memory that processes find its
/// pages by (https://www.sqlite.org/walformat.html#the_wal_index_file_format).
///
/// A commit is counted in it once the log is synced: it never counts more than the log holds.
struct LogIndex: Sendable, Hashable {
  /// The byte of the file that is locked during each transaction that writes.
  static let writeLock: Int64 = 120

  private static let byteCount = 136

  /// The salts of the log that it was made for.
  let salts: [UInt8]
  /// The frames up to the end of the last complete commit.
  let frameCount: Int
  /// The frames that are in the database file, too.
  let copiedCount: Int

  /// Reads the index at `path`; nil where there is none, or none that is whole.
  ///
  /// To close the file ends the locks that this process has on it: no connection to the database may
  /// be open here.
  init?(of path: String) {
    guard let file = try? OpenFile.reading(path), let bytes = try? file.read(Self.byteCount),
      bytes.count == Self.byteCount, bytes[..<48] == ArraySlice(bytes[48..<96]), bytes[12] == 1
    else { return nil }
    var checksum = LogChecksum(.native)
    checksum.add(bytes[..<40])
    func number(at offset: Int) -> UInt32 {
      bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
    }
    guard number(at: 0) == 3_007_000, checksum.sums == (number(at: 40), number(at: 44)) else {
      return nil
    }
    salts = Array(bytes[32..<40])
    frameCount = Int(number(at: 16))
    copiedCount = Int(number(at: 96))
  }
}
