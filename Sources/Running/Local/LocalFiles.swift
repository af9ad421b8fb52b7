/// The files that a run may touch, as closures.
///
/// All of them may block: they belong on a thread that may.
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
  /// Opens a file to be read a piece at a time.
  package var open: @Sendable (_ path: String) throws(LocalFailure) -> any ReadableFile
  /// Begins a file of mode 0600 that is written aside, at `aside`, and takes the place of `path`
  /// when it is committed; missing folders are made.
  package var create:
    @Sendable (_ path: String, _ aside: String) throws(LocalFailure) -> any WritableFile

  /// Who may read a written file.
  package enum FileMode: Sendable, Hashable {
    /// Mode 0600; an existing file is not overwritten but an error.
    case newPrivate
    /// Mode 0600; an existing file is replaced.
    case secret
    /// Mode 0644 under the process's mask; an existing file is replaced.
    case shared
  }

  package init(
    read: @escaping @Sendable (String, Int) throws(LocalFailure) -> [UInt8],
    exists: @escaping @Sendable (String) -> Bool,
    write: @escaping @Sendable (String, [UInt8], FileMode) throws(LocalFailure) -> Void,
    open: @escaping @Sendable (String) throws(LocalFailure) -> any ReadableFile,
    create: @escaping @Sendable (String, String) throws(LocalFailure) -> any WritableFile
  ) {
    self.read = read
    self.exists = exists
    self.write = write
    self.open = open
    self.create = create
  }
}

/// A file that is read from its beginning to its end, a piece at a time.
package protocol ReadableFile: Sendable {
  /// Bytes of the file when it was opened.
  var size: Int { get }

  /// The next bytes, at most `count` of them; none at the end.
  func read(_ count: Int) throws(LocalFailure) -> [UInt8]
}

/// A file that is written aside and becomes visible only when it is whole.
package protocol WritableFile: Sendable {
  /// Writes at the end.
  func write(_ bytes: [UInt8]) throws(LocalFailure)

  /// Makes the file durable and puts it in its place; nothing may follow.
  func commit() throws(LocalFailure)

  /// Removes what was written; does nothing after `commit`.
  func discard()
}
