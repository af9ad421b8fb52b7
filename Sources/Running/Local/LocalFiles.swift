package import Files
package import Machine

/// The files that a run may touch, as closures.
///
/// All of them may block: they belong on a thread that may. They throw `LocalFailure` naming the path.
package struct LocalFiles: Sendable {
  /// The path as it names the file for every spelling: two paths of one file are the same text, unless
  /// links are between them.
  package var absolute: @Sendable (_ path: String) throws(LocalFailure) -> String
  /// The whole of a file of at most `limit` bytes.
  package var read: @Sendable (_ path: String, _ limit: Int) throws(LocalFailure) -> [UInt8]
  /// The content of a key file of at most 1024 bytes, which must be the user's own and closed to others.
  package var readKey: @Sendable (_ path: String) throws(LocalFailure) -> [UInt8]
  /// Whether something is at the path.
  package var exists: @Sendable (_ path: String) throws(LocalFailure) -> Bool
  /// The file that a write to the path would replace; nil when none is there, and throws when it must
  /// not be replaced.
  package var replaced:
    @Sendable (_ path: String, _ protection: FileProtection) throws(LocalFailure) -> ReplacedFile?
  /// Writes a file whole or not at all, making missing folders; returns what a person should know.
  package var write:
    @Sendable (_ path: String, _ bytes: [UInt8], _ protection: FileProtection)
      throws(LocalFailure) -> String?
  /// Opens a file to be read a piece at a time.
  package var open: @Sendable (_ path: String) throws(LocalFailure) -> any ReadableFile
  /// Begins a file that takes the place of `path` when it is committed; missing folders are made.
  package var create:
    @Sendable (_ path: String, _ protection: FileProtection) throws(LocalFailure) ->
      any WritableFile

  /// Files that are reached by these functions.
  package init(
    absolute: @escaping @Sendable (String) throws(LocalFailure) -> String,
    read: @escaping @Sendable (String, Int) throws(LocalFailure) -> [UInt8],
    readKey: @escaping @Sendable (String) throws(LocalFailure) -> [UInt8],
    exists: @escaping @Sendable (String) throws(LocalFailure) -> Bool,
    replaced: @escaping @Sendable (String, FileProtection) throws(LocalFailure) -> ReplacedFile?,
    write: @escaping @Sendable (String, [UInt8], FileProtection) throws(LocalFailure) -> String?,
    open: @escaping @Sendable (String) throws(LocalFailure) -> any ReadableFile,
    create: @escaping @Sendable (String, FileProtection) throws(LocalFailure) -> any WritableFile
  ) {
    self.absolute = absolute
    self.read = read
    self.readKey = readKey
    self.exists = exists
    self.replaced = replaced
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
  ///
  /// Returns what a person should know about the file, if there is anything.
  func commit() throws(LocalFailure) -> String?

  /// Removes what was written; does nothing after `commit`.
  func discard()
}
