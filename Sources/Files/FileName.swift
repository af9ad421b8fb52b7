import SystemPackage

/// Names that files have in folders.
package enum FileName {
  /// The path from the root of what is at `path`, without `.`, `..` and symbolic links; throws when
  /// nothing is there.
  package static func resolve(_ path: String) throws(FileError) -> String {
    try FileError.at(path, "cannot be found") { () throws(Errno) in
      try SystemCall.realPath(path)
    }
  }

  /// Gives the file at `path` another name, which one that has it loses.
  package static func move(_ path: String, to other: String) throws(FileError) {
    try FileError.at(path, "cannot be renamed") { () throws(Errno) in
      try SystemCall.rename(path, to: other)
    }
  }

  /// Takes its name from the file at `path`, if there is one that may be removed.
  package static func remove(_ path: String) {
    try? SystemCall.unlink(path)
  }
}
