/// The files that local actions may touch, as closures.
package struct LocalFiles: Sendable {
  /// The whole of a file of at most `limit` bytes.
  ///
  /// Throws `LocalFailure` naming the path.
  package var read: @Sendable (_ path: String, _ limit: Int) throws(LocalFailure) -> [UInt8]
  /// Whether something is at the path.
  package var exists: @Sendable (_ path: String) -> Bool
  /// Writes a file whole or not at all, making missing folders.
  package var write:
    @Sendable (_ path: String, _ bytes: [UInt8], _ mode: FileMode) throws(LocalFailure) -> Void

  /// Who may read a written file.
  package enum FileMode: Sendable, Hashable {
    /// Mode 0600; an existing file is not overwritten but an error.
    case newPrivate
    /// Mode 0644 under the process's mask; an existing file is replaced.
    case shared
  }

  package init(
    read: @escaping @Sendable (String, Int) throws(LocalFailure) -> [UInt8],
    exists: @escaping @Sendable (String) -> Bool,
    write: @escaping @Sendable (String, [UInt8], FileMode) throws(LocalFailure) -> Void
  ) {
    self.read = read
    self.exists = exists
    self.write = write
  }
}
