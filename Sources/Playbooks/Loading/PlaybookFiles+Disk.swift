import Files

extension PlaybookFiles {
  /// The files on disk.
  ///
  /// Only regular files are read, and never more of one than the limit.
  package static let disk = PlaybookFiles(
    resolve: { path throws(Problem) in try resolveOnDisk(path) },
    read: { path, limit throws(Problem) in try readFromDisk(path, limit: limit) },
    names: { folder in (try? Folder.names(in: folder))?.sorted() }
  )

  private static func resolveOnDisk(_ path: String) throws(Problem) -> String {
    guard !path.utf8.contains(0) else { throw .missing }
    do throws(FileError) {
      return try FileName.resolve(path)
    } catch {
      throw problem(error)
    }
  }

  private static func readFromDisk(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(FileError) {
      let file = try OpenFile.reading(path)
      bytes = file.size <= limit ? try file.rest(atMost: limit) : nil
    } catch {
      throw problem(error)
    }
    guard let bytes else { throw .tooLarge }
    return bytes
  }

  private static func problem(_ error: FileError) -> Problem {
    switch error.problem {
    case .isFolder, .isSpecial: .notAFile
    case _ where error.leadsNowhere: .missing
    case _: .unreadable(error.cause)
    }
  }
}
