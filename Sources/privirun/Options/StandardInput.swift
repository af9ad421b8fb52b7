import ArgumentParser
import Playbooks

/// The stream in the place of a file that a command reads.
enum StandardInput {
  private static let paths: Set = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]

  /// The path to read an inputs file from that the command names as `path`, and what messages call it:
  /// a playbook and an inputs file from standard input have the same name.
  static func inputsFile(_ path: String) -> (path: String, name: String) {
    paths.contains(path) ? ("/dev/stdin", PlaybookFiles.streamName) : (path, path)
  }

  /// Throws a usage error when more than one of `files` is standard input, which can be read only once.
  static func refuseSecondReader(_ files: [String]) throws {
    let count = files.count { paths.contains($0) }
    guard count > 1 else { return }
    throw ValidationError(
      "standard input can be read only once, and \(count) files are read from it")
  }
}
