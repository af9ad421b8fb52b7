import Files
import FoundationEssentials

/// Paths on the command line, as far as the shell left `~` in them (`--journal=~/runs.sqlite`).
enum CommandPath {
  /// `path` with `~` at its start expanded; throws a `CommandFailure` when it cannot be.
  static func expand(_ path: String) throws -> String {
    guard path.hasPrefix("~") else { return path }
    do throws(FileError) {
      return try UserPath.expand(path, home: ProcessInfo.processInfo.environment["HOME"])
    } catch {
      throw CommandFailure(.invalid, error.description, hint: error.hint)
    }
  }

  /// `path` from the root, so that it stays the same when the current folder changes.
  static func absolute(_ path: String) -> String {
    path.hasPrefix("/") || path.hasPrefix("~")
      ? path : "\(Folder.current)/\(path)"
  }
}
