package import Files
package import Rollouts

/// What reads files for `ServedFiles`; all functions may block.
package struct ServedEnvironment: Sendable {
  /// The files of a folder whose name is wanted, in any order.
  package var files: @Sendable (String, (String) -> Bool) throws(FileError) -> [FolderFile]
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
    files = { path, isWanted throws(FileError) in
      try Folder.files(in: path, where: isWanted)
    }
    look = { path throws(FileError) in FileSight(try FileStatus(of: path)) }
    read = { path, limit throws(FileError) in
      try OpenFile.reading(path).rest(atMost: limit)
    }
    self.define = define
  }
}
