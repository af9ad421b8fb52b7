import Files

/// How far the write-ahead log of a database is whole.
///
/// SQLite reads a log up to its last complete commit and says nothing of what stands behind it
/// (https://www.sqlite.org/fileformat2.html#walformat).
struct WriteAheadLog: Sendable, Hashable {
  /// What distinguishes this log from those that were in the file before; empty when its header is
  /// torn.
  private(set) var salts: [UInt8] = []
  /// The frames up to the end of the last complete commit.
  private(set) var frameCount = 0
  /// The bytes after them, but for those of earlier logs, which nobody needs any more.
  private(set) var tailCount = 0

  /// Reads the log at `path`; an empty one where there is none.
  init(of path: String) throws(FileError) {
    guard let status = try? FileStatus(of: path), status.size > 0 else { return }
    let file = try OpenFile.reading(path)
    let bytes = try Self.read(file, at: 0, count: Header.byteCount)
    guard let header = Header(bytes) else {
      tailCount = file.size
      return
    }
    salts = header.salts
    try read(file, header)
  }

  private mutating func read(_ file: OpenFile, _ header: Header) throws(FileError) {
    let frameSize = Frame.headCount + header.pageSize
    var checksum = header.checksum
    var (offset, end) = (Header.byteCount, Header.byteCount)
    while let frame = Frame(try Self.read(file, at: offset, count: frameSize), header),
      frame.continues(&checksum)
    {
      offset += frameSize
      guard frame.endsCommit else { continue }
      end = offset
      frameCount = (end - Header.byteCount) / frameSize
    }
    // Behind the last frame that is whole, torn ones may stand before those of an earlier log.
    while true {
      let head = try Self.read(file, at: offset, count: Frame.headCount)
      guard !head.isEmpty, !header.isOfEarlierLog(head) else { break }
      offset = min(file.size, offset + frameSize)
    }
    tailCount = max(0, offset - end)
  }

  /// Fewer bytes where the file ends.
  private static func read(
    _ file: OpenFile, at offset: Int, count: Int
  ) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let size = try withRest(of: &bytes, from: filled) { buffer throws(FileError) in
        try file.read(at: offset + filled, into: buffer)
      }
      guard size > 0 else { break }
      filled += size
    }
    return Array(bytes.prefix(filled))
  }

  private static func withRest(
    of bytes: inout [UInt8], from start: Int,
    _ body: (UnsafeMutableRawBufferPointer) throws(FileError) -> Int
  ) throws(FileError) -> Int {
    var result = Result<Int, FileError>.success(0)
    bytes.withUnsafeMutableBytes { buffer in
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
      result = Result { () throws(FileError) in try body(rest) }
    }
    return try result.get()
  }
}

extension WriteAheadLog {
  /// The first 32 bytes of a log.
  private struct Header {
    static let byteCount = 32
    private static let magic: UInt32 = 0x377F_0682
    private static let version: UInt32 = 3_007_000

    let pageSize: Int
    /// How many logs were in the file before.
    private let earlierLogs: UInt32
    let salts: [UInt8]
    /// Of the header, which that of the first frame continues.
    let checksum: LogChecksum

    /// Nil unless `bytes` are a whole header.
    init?(_ bytes: [UInt8]) {
      guard bytes.count == Self.byteCount, bytes.number(at: 0) & ~1 == Self.magic,
        bytes.number(at: 4) == Self.version
      else { return nil }
      var checksum = LogChecksum(bytes.number(at: 0) & 1 == 1 ? .bigEndian : .littleEndian)
      checksum.add(bytes[..<24])
      guard checksum.matches(bytes, at: 24) else { return nil }
      pageSize = Int(bytes.number(at: 8))
      guard (512...65_536).contains(pageSize), pageSize.nonzeroBitCount == 1 else { return nil }
      earlierLogs = bytes.number(at: 12)
      salts = Array(bytes[16..<24])
      self.checksum = checksum
    }

    /// Whether `head` begins a frame that was in the file before this log: each log's first salt is
    /// one more than that of the log before.
    func isOfEarlierLog(_ head: [UInt8]) -> Bool {
      guard head.count == Frame.headCount else { return false }
      let age = salts.number(at: 0) &- head.number(at: 8)
      return age > 0 && age <= earlierLogs
    }
  }

  /// A page of the database, behind 24 bytes that say which it is.
  private struct Frame {
    static let headCount = 24

    private let bytes: [UInt8]

    /// Nil unless `bytes` are a frame of the log that begins with `header`, as far as its head says.
    init?(_ bytes: [UInt8], _ header: Header) {
      guard bytes.count == Self.headCount + header.pageSize, bytes.number(at: 0) != 0,
        bytes[8..<16].elementsEqual(header.salts)
      else { return nil }
      self.bytes = bytes
    }

    /// The last frame of a commit has the size of the database, others have 0.
    var endsCommit: Bool { bytes.number(at: 4) != 0 }

    /// Whether this is the frame after the one that ended with `checksum`.
    func continues(_ checksum: inout LogChecksum) -> Bool {
      checksum.add(bytes[..<8])
      checksum.add(bytes[Self.headCount...])
      return checksum.matches(bytes, at: 16)
    }
  }
}
