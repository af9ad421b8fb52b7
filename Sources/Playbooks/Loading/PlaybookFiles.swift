/// How playbook files are reached.
package struct PlaybookFiles: Sendable {
  /// Why a file cannot be used.
  package enum Problem: Error, Sendable, Hashable {
    case missing
    /// A folder, device, socket or pipe.
    case notAFile
    /// Larger than asked for.
    case tooLarge
    /// The system's reason, in words.
    case unreadable(String)
  }

  /// The absolute path of a file with `.`, `..` and symbolic links resolved.
  package var resolve: @Sendable (_ path: String) throws(Problem) -> String
  /// The bytes of a file, or `tooLarge` when it has more than `limit`.
  package var read: @Sendable (_ path: String, _ limit: Int) throws(Problem) -> [UInt8]
  /// The names in a folder, sorted; nil when it cannot be listed.
  package var names: @Sendable (_ folder: String) -> [String]?

  /// Files reached by these functions: `disk`, or texts in memory for tests.
  package init(
    resolve: @escaping @Sendable (_ path: String) throws(Problem) -> String,
    read: @escaping @Sendable (_ path: String, _ limit: Int) throws(Problem) -> [UInt8],
    names: @escaping @Sendable (_ folder: String) -> [String]?
  ) {
    self.resolve = resolve
    self.read = read
    self.names = names
  }
}
