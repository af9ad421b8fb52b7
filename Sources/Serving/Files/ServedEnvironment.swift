package import Files
package import Rollouts

/// What reads files for `ServedFiles`; all functions may block.
package struct ServedEnvironment: Sendable {
  /// The names in a folder, in any order.
  package var names: @Sendable (String) throws(FileError) -> [String]
  /// How the file at a path is seen, behind symbolic links.
  package var look: @Sendable (String) throws(FileError) -> FileSight
  /// The bytes of the file at a path; nil when they are more than the number.
  package var read: @Sendable (String, Int) throws(FileError) -> [UInt8]?
  /// Makes a definition of the bytes of the file at a path; throws `InvalidInput`.
  package var define: @Sendable ([UInt8], String) throws -> RolloutDefinition

  /// Reads the files of this machine, and makes definitions with `define`.
  package init(
    define: @escaping @Sendable ([UInt8], String) throws -> RolloutDefinition
  ) {
    names = { path throws(FileError) in try Folder.names(in: path) }
    look = { path throws(FileError) in FileSight(try FileStatus(of: path)) }
    read = { path, limit throws(FileError) in
      try OpenFile.reading(path).rest(atMost: limit)
    }
    self.define = define
  }
}

/// What a file looks like from outside: the same as long as nothing was written.
package struct FileSight: Sendable, Hashable {
  /// Bytes of the file.
  package var size: Int
  /// When its bytes were last changed, since the beginning of 1970.
  package var modified: Duration
  /// Which file it is, whatever its name.
  package var identity: FileIdentity
  /// Why it is no file that can be read; nil when it is one.
  package var problem: FileError.Problem?

  /// What `status` says.
  package init(_ status: FileStatus) {
    size = status.size
    modified = status.modified
    identity = status.identity
    problem = status.problem
  }
}
