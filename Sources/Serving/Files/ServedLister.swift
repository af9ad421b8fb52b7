import Files
import Glibc

/// Lists the files of some paths.
struct ServedLister: Sendable {
  /// How many files are served at most.
  static let mostFiles = 10_000

  private let paths: [String]
  private let environment: ServedEnvironment

  init(_ paths: [String], _ environment: ServedEnvironment) {
    self.paths = paths
    self.environment = environment
  }

  /// All files as they are seen now.
  func listing() -> ServedListing {
    var listing = ServedListing()
    for path in paths {
      do throws(FileError) {
        let names = try environment.names(path)
        add(names.filter(Self.isServed).sorted(), of: path, to: &listing)
      } catch {
        // What is no folder is a file.
        if error.isAbout(ENOTDIR) {
          add(path, .named, to: &listing)
        } else if error.isAbout(ENOENT) {
          listing.files[path] = .init(.named, nil)
        } else {
          listing.flawedFolders[path] = error.message
        }
      }
    }
    return listing
  }

  /// Whether a file of a folder counts; those of editors begin with a dot.
  private static func isServed(_ name: String) -> Bool {
    !name.hasPrefix(".") && ["yaml", "yml"].contains(UserPath.fileExtension(of: name).lowercased())
  }

  private func add(_ names: [String], of folder: String, to listing: inout ServedListing) {
    for name in names {
      guard listing.files.count < Self.mostFiles else {
        listing.flawedFolders[folder] =
          "its files from `\(name)` on are not served, since there are more than \(Self.mostFiles)"
        return
      }
      add(UserPath.join(folder, name), .listed(folder: folder), to: &listing)
    }
  }

  private func add(
    _ path: String, _ origin: ServedListing.Origin, to listing: inout ServedListing
  ) {
    // A file that is named, and is in a folder that is, counts as named.
    if let entry = listing.files[path], entry.origin == .named { return }
    do throws(FileError) {
      listing.files[path] = .init(origin, try environment.look(path))
    } catch {
      switch origin {
      case .named: listing.files[path] = .init(origin, nil)
      // It was removed since the folder was listed, or is a link to nothing.
      case .listed where error.isAbout(ENOENT): break
      case .listed(let folder): listing.flawedFolders[folder] = "\(error)"
      }
    }
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
