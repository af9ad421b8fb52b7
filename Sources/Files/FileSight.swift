import SystemPackage

/// What a file looks like without being read: the same as long as nothing was written.
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

/// A file in a folder.
package struct FolderFile: Sendable, Hashable {
  /// Its name there.
  package var name: String
  /// How it is seen, behind symbolic links; nil where it cannot be looked at.
  package var sight: FileSight?

  /// The file `name`.
  package init(_ name: String, _ sight: FileSight?) {
    self.name = name
    self.sight = sight
  }
}

extension Folder {
  /// The files and folders in a folder whose name is wanted, in no order; throws when it cannot be listed.
  ///
  /// What is removed meanwhile, and a link to nothing, is left out.
  package static func files(
    in folder: String, where isWanted: (String) -> Bool
  ) throws(FileError) -> [FolderFile] {
    try FileError.at(folder, "cannot be listed") { () throws(Errno) in
      try SystemCall.files(in: folder, where: isWanted)
    }
  }
}
