import Files
import Glibc

/// Lists the files of some paths, and keeps what it listed: of a folder in which nothing changed no path is made
/// again.
struct ServedLister: Sendable {
  /// How many files are served at most.
  static let mostFiles = 10_000

  private let paths: [String]
  private let environment: ServedEnvironment
  private var folders: [String: ListedFolder] = [:]

  /// A folder as it was listed last.
  private struct ListedFolder: Sendable {
    var files: [FolderFile]
    var entries: [String: ServedListing.Entry] = [:]
    /// Why not all files are known.
    var flaw: String?
  }

  init(_ paths: [String], _ environment: ServedEnvironment) {
    self.paths = paths
    self.environment = environment
  }

  /// All files as they are seen now.
  mutating func listing() -> ServedListing {
    var listing = ServedListing()
    for path in paths {
      do throws(FileError) {
        add(try folder(path), path, to: &listing)
      } catch {
        // What is no folder is a file.
        if error.isAbout(ENOTDIR) {
          listing.files[path] = .init(.named, try? environment.look(path))
        } else if error.isAbout(ENOENT) {
          listing.files[path] = .init(.named, nil)
        } else {
          listing.flawedFolders[path] = error.message
        }
      }
    }
    return listing
  }

  private mutating func folder(_ path: String) throws(FileError) -> ListedFolder {
    let files = try environment.files(path, Self.isServed)
    if let known = folders[path], known.files == files { return known }
    var folder = ListedFolder(files: files)
    for file in files.sorted(by: { $0.name < $1.name }) {
      guard folder.entries.count < Self.mostFiles else {
        folder.flaw =
          "its files from `\(file.name)` on are not served, since there are more than \(Self.mostFiles)"
        break
      }
      guard let sight = file.sight else {
        folder.flaw = "its file `\(file.name)` cannot be looked at"
        continue
      }
      folder.entries[UserPath.join(path, file.name)] = .init(.listed(folder: path), sight)
    }
    folders[path] = folder
    return folder
  }

  private func add(_ folder: ListedFolder, _ path: String, to listing: inout ServedListing) {
    if let flaw = folder.flaw { listing.flawedFolders[path] = flaw }
    // A file that is named, and is in a folder that is, counts as named.
    if listing.files.isEmpty {
      listing.files = folder.entries
    } else {
      listing.files.merge(folder.entries) { first, second in
        first.origin == .named ? first : second
      }
    }
  }

  /// Whether a file of a folder counts; those of editors begin with a dot.
  private static func isServed(_ name: String) -> Bool {
    guard name.utf8.first != UInt8(ascii: ".") else { return false }
    let end = name.utf8.suffix(5).map { $0 | 0x20 }
    return end == Array(".yaml".utf8) || end.suffix(4) == Array(".yml".utf8)[...]
  }
}

extension FileError {
  /// What is wrong, for a message that names the path already.
  var message: String {
    if case .system(let what, _) = problem { "it \(what): \(cause)" } else { cause }
  }

  /// Whether the system gave that reason.
  fileprivate func isAbout(_ reason: Int32) -> Bool {
    if case .system(_, let code) = problem { code == reason } else { false }
  }
}
