import Files
import Formatting
import Playbooks

/// Where `check` looks for playbooks.
enum CheckedPaths {
  /// The playbooks that `paths` name, or that are below folders among them: each file once, under the first
  /// of its names.
  static func playbooks(at paths: [String]) throws -> [String] {
    var seen: Set<FileIdentity> = []
    return try paths.flatMap(playbooks).filter { path in
      guard let identity = identity(of: try CommandPath.expand(path)) else { return true }
      return seen.insert(identity).inserted
    }
  }

  /// Which file is at `path`; nil where there is none.
  static func identity(of path: String) -> FileIdentity? { (try? FileStatus(of: path))?.identity }

  /// Whether `path` names a folder.
  static func isFolder(_ path: String) throws -> Bool {
    FileStatus.problem(of: try CommandPath.expand(path))?.problem == .isFolder
  }

  /// `path`, or the paths of the playbooks below that folder.
  private static func playbooks(at path: String) throws -> [String] {
    guard try isFolder(path) else { return [path] }
    let given = try CommandPath.expand(path)
    let disk = PlaybookFiles.disk
    let names: [String]
    do throws(FileError) {
      names = try Folder.paths(below: given) { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    } catch {
      throw CommandFailure(.invalid, error.description, hint: error.hint)
    }
    let found = names.filter { name in
      guard let bytes = try? disk.read(disk.resolve(name), YAMLLimits.playbook.bytes) else {
        return true
      }
      return FileKind.isPlaybook(bytes)
    }
    guard !found.isEmpty else {
      throw CommandFailure(
        .invalid, "there is no playbook below `\(path)`",
        hint: "a playbook has a line `playbook: 1`")
    }
    return found
  }
}
