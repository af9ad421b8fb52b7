import Files
import Synchronization

/// A playbook that comes from standard input or a pipe.
extension PlaybookFiles {
  /// What such a playbook is called: as if it were a file in the current folder.
  package static let streamName = "stdin"

  /// Whether `path` names standard input, as `-` does, or a pipe such as the shell's `<(…)`.
  package static func isStream(_ path: String) -> Bool {
    if path == "-" { return true }
    guard case .isSpecial? = FileStatus.problem(of: path)?.problem else { return false }
    return true
  }

  /// These files, with what the stream at `path` holds as the file `streamName` of the current folder.
  ///
  /// The stream is read once, when the file is first read; what it plays is looked for in that folder.
  package func reading(streamAt path: String) -> PlaybookFiles {
    let original = self
    let folder = (try? resolve(".")) ?? Folder.current
    let place = "\(folder)/\(Self.streamName)"
    let kept = Mutex<[UInt8]?>(nil)
    return PlaybookFiles(
      resolve: { path throws(Problem) in
        path == Self.streamName ? place : try original.resolve(path)
      },
      read: { file, limit throws(Problem) in
        guard file == place else { return try original.read(file, limit) }
        return try kept.withLock { bytes throws(Problem) in
          if let bytes { return bytes }
          let read = try Self.rest(of: path == "-" ? "/dev/stdin" : path, limit)
          bytes = read
          return read
        }
      },
      names: original.names)
  }

  private static func rest(of path: String, _ limit: Int) throws(Problem) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(FileError) {
      bytes = try OpenFile.stream(path).rest(atMost: limit)
    } catch {
      throw .unreadable(error.cause)
    }
    guard let bytes else { throw .tooLarge }
    return bytes
  }
}
