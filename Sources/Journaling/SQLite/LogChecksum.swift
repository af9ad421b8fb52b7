/// The running checksum of a write-ahead log and of its index
/// (https://www.sqlite.org/fileformat2.html#checksum_algorithm).
struct LogChecksum {
  /// The order of the bytes of the numbers that are added up.
  enum ByteOrder {
    case bigEndian
    case littleEndian
    /// That of this machine.
    case native
  }

  private let order: ByteOrder
  private(set) var sums: (UInt32, UInt32) = (0, 0)

  init(_ order: ByteOrder) { self.order = order }

  /// Adds bytes, whose number is a multiple of eight.
  mutating func add(_ bytes: ArraySlice<UInt8>) {
    var (first, second) = sums
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset + 8 <= buffer.count {
        first = first &+ number(in: buffer, at: offset) &+ second
        second = second &+ number(in: buffer, at: offset + 4) &+ first
        offset += 8
      }
    }
    sums = (first, second)
  }

  private func number(in buffer: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
    let number = buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return switch order {
    case .bigEndian: UInt32(bigEndian: number)
    case .littleEndian: UInt32(littleEndian: number)
    case .native: number
    }
  }

  /// Whether `bytes` have this checksum at `offset`, most significant byte first.
  func matches(_ bytes: [UInt8], at offset: Int) -> Bool {
    sums == (bytes.number(at: offset), bytes.number(at: offset + 4))
  }
}

extension [UInt8] {
  /// The four bytes at `offset` as a number, most significant first.
  func number(at offset: Int) -> UInt32 {
    self[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
