package import Files

/// Where the bytes of a tenants file come from, piece by piece.
package struct TenantsBytes {
  /// The next bytes; none at the end.
  let next: () throws(FileError) -> [UInt8]

  private static let pieceCount = 64 << 10

  /// A source of what `next` returns, until that is empty.
  package init(_ next: @escaping () throws(FileError) -> [UInt8]) {
    self.next = next
  }

  /// The bytes of the file at `path`, in which `~` is not replaced; a pipe will do too.
  package static func file(_ path: String) throws(FileError) -> TenantsBytes {
    let file = try OpenFile.stream(path)
    return TenantsBytes { () throws(FileError) in try file.read(pieceCount) }
  }

  /// Bytes in memory, in pieces of at most `count`.
  package static func bytes(_ bytes: [UInt8], inPiecesOf count: Int = pieceCount) -> TenantsBytes {
    var position = 0
    return TenantsBytes { () throws(FileError) in
      let end = min(bytes.count, position + count)
      defer { position = end }
      return Array(bytes[position..<end])
    }
  }
}
