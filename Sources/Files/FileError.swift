/// Why a file or folder cannot be read or written.
package struct FileError: Error, Sendable, Hashable {
  /// What is wrong with the path, or with the file that it names.
  package enum Problem: Sendable, Hashable {
    case emptyPath
    /// The path contains a NUL character, at which the system would cut it.
    case nulInPath
    /// The path begins with `~` and there is no home folder to put in its place.
    case noHome
    /// The path begins with the home folder of somebody else, such as `~anna`.
    case otherHome(String)
    case isFolder
    /// A pipe, device or socket, in words.
    case isSpecial(String)
    /// The file that standard output or standard error is redirected to.
    case isOwnStream
    /// A symbolic link to what does not exist.
    case isDanglingLink
    /// The file has that many names (hard links).
    case hasOtherNames(Int)
    /// Replacing the file would change its owner, or hand a secret to another user.
    case hasOtherOwner
    case exists
    /// A key is read through a symbolic link.
    case keyIsLink
    /// Other users can read or change a key; these are the file's permissions.
    case keyIsOpen(mode: UInt32)
    /// The file of a key belongs to another user.
    case keyHasOtherOwner
    /// The system's error while it did what the words say, such as `cannot be read`.
    case system(String, code: Int32)
  }

  /// The path as it was given.
  package var path: String
  /// The reason; `description` puts it in words, and `hint` says what to do next.
  package var problem: Problem

  /// An error about `path`, which is kept as the user spelled it.
  package init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }
}
