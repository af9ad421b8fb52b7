import Files
import Machine

extension LocalFiles {
  /// The machine's file system; relative paths are relative to the working directory, and `~` at the
  /// start of a path is the folder `home`.
  package static func live(home: String? = nil) -> LocalFiles {
    LocalFiles(
      absolute: { path throws(LocalFailure) in
        try orLocalFailure { () throws(FileError) in try UserPath.absolute(path, home: home) }
      },
      read: { path, limit throws(LocalFailure) in
        try located(path, home) { path throws(FileError) in try OpenFile.reading(path) }
          .wholeContent(of: path, atMost: limit)
      },
      readKey: { path throws(LocalFailure) in
        try located(path, home) { path throws(FileError) in try OpenFile.readingKey(path) }
          .wholeContent(of: path, atMost: 1024)
      },
      exists: { path throws(LocalFailure) in
        try located(path, home) { path throws(FileError) in FileStatus.exists(path) }
      },
      replaced: { path, protection throws(LocalFailure) in
        try located(path, home) { path throws(FileError) in
          try ReplacedFile(at: path, for: protection)
        }
      },
      write: { path, bytes, protection throws(LocalFailure) in
        let file = try create(path, protection, home)
        try file.write(bytes)
        return try file.commit()
      },
      open: { path throws(LocalFailure) in
        LiveReadableFile(
          file: try located(path, home) { path throws(FileError) in try OpenFile.reading(path) })
      },
      create: { path, protection throws(LocalFailure) in try create(path, protection, home) })
  }

  private static func create(
    _ path: String, _ protection: FileProtection, _ home: String?
  ) throws(LocalFailure) -> LiveWritableFile {
    let file = try located(path, home) { path throws(FileError) in
      try Folder.make(above: path, for: protection == .newSecret ? .owner : .everyone)
      return try AtomicFile(path, protection)
    }
    return LiveWritableFile(path: path, file: file)
  }

  /// What `body` does with the path that `path` stands for.
  private static func located<Result>(
    _ path: String, _ home: String?, _ body: (String) throws(FileError) -> Result
  ) throws(LocalFailure) -> Result {
    try orLocalFailure { () throws(FileError) in
      try body(try UserPath.expand(path, home: home))
    }
  }
}

/// A file of this machine that is read.
private struct LiveReadableFile: ReadableFile {
  let file: OpenFile

  var size: Int { file.size }

  func read(_ count: Int) throws(LocalFailure) -> [UInt8] {
    try orLocalFailure { () throws(FileError) in try file.read(count) }
  }
}

/// A file of this machine that is written.
private struct LiveWritableFile: WritableFile {
  let path: String
  let file: AtomicFile

  func write(_ bytes: [UInt8]) throws(LocalFailure) {
    try orLocalFailure { () throws(FileError) in try file.write(bytes) }
  }

  func commit() throws(LocalFailure) -> String? {
    try orLocalFailure { () throws(FileError) in try file.commit() }
    guard file.isNarrowed else { return nil }
    return
      "`\(path)` was readable by other users; now it holds a secret and is readable by its owner only"
  }

  func discard() { file.discard() }
}

extension OpenFile {
  fileprivate func wholeContent(of path: String, atMost limit: Int) throws(LocalFailure) -> [UInt8]
  {
    guard size <= limit else {
      throw LocalFailure(
        "`\(path)` has \(size) bytes; at most \(limit) are handled in memory",
        hint: "name a file to write to with `to`, where the action takes one: then any size does")
    }
    let bytes = try orLocalFailure { () throws(FileError) in try rest(atMost: limit) }
    guard let bytes else { throw LocalFailure("`\(path)` has more than \(limit) bytes") }
    return bytes
  }
}

/// Runs `body` with its errors as failures of a local action.
private func orLocalFailure<Result>(
  _ body: () throws(FileError) -> Result
) throws(LocalFailure) -> Result {
  do throws(FileError) {
    return try body()
  } catch {
    throw LocalFailure(error.description, hint: error.hint)
  }
}
