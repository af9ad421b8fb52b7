import Files

/// Finds the `privirun.yaml` of a project: in the current folder, or the nearest one above.
///
/// The search ends with the home folder, and otherwise with the root of the file system. The file must
/// belong to this user, to the superuser, or to the owner of the current folder: anybody could put one
/// into a folder that all users share, and the passwords of a run would go to the addresses in it.
package struct EnvironmentsSearch: Sendable {
  /// Why there is something at the place that cannot be used.
  package enum Problem: Error, Sendable, Hashable {
    /// The file belongs to somebody else.
    case foreign(path: String)
    /// It cannot be read; a phrase such as `is a folder`.
    case unreadable(path: String, reason: String)
  }

  private let current: String
  private let home: String?

  /// A search that begins in the folder `current`, from the root, of the user whose home folder is
  /// `home`.
  package init(from current: String = Folder.current, home: String?) {
    self.current = current
    self.home = home
  }

  /// The folders that are looked at, the current one first.
  package var folders: [String] {
    guard current.hasPrefix("/") else { return [] }
    var home = home ?? ""
    while home.count > 1, home.hasSuffix("/") { home.removeLast() }
    var folders = [current]
    while let last = folders.last, last != "/", last != home {
      folders.append(UserPath.folder(of: last))
    }
    return folders
  }

  /// The path of the file: its name where it is in the current folder, else from the root; nil when there
  /// is none.
  package func path() throws(Problem) -> String? {
    for folder in folders {
      let place = UserPath.join(folder, EnvironmentsFile.name)
      guard FileStatus.exists(place) else { continue }
      let path = folder == current ? EnvironmentsFile.name : place
      let status = try status(of: path, at: place)
      if let problem = status.problem {
        throw .unreadable(path: path, reason: FileError(path, problem).cause)
      }
      guard status.isTrusted(besideOwnerOf: current) else { throw .foreign(path: path) }
      return path
    }
    return nil
  }

  private func status(of path: String, at place: String) throws(Problem) -> FileStatus {
    do throws(FileError) {
      return try FileStatus(of: place)
    } catch {
      throw .unreadable(path: path, reason: error.cause)
    }
  }
}

extension EnvironmentsFile {
  /// The file at `path`, which a search has found.
  package static func bytes(at path: String) throws(EnvironmentsSearch.Problem) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(FileError) {
      bytes = try OpenFile.reading(path).rest(atMost: sizeLimit)
    } catch {
      throw .unreadable(path: path, reason: error.cause)
    }
    guard let bytes else {
      throw .unreadable(path: path, reason: "it is larger than \(sizeLimit) bytes")
    }
    return bytes
  }
}
