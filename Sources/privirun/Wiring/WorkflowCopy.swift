import Files
import Operations
import Playbooks
import Scaffolds

/// A playbook that is copied into a new file, with everything that it plays and the files that its inputs
/// have by default.
struct WorkflowCopy {
  /// A file that is written.
  private struct Target {
    let path: String
    let bytes: [UInt8]
  }

  /// The largest file that an input has by default and that is copied, in bytes.
  private static let largestDefault = 16 << 20

  private var targets: [Target]
  /// What is not copied, a sentence each.
  private(set) var remarks: [String] = []

  /// The files beside the new playbook.
  var others: [String] { targets.dropFirst().map(\.path) }

  /// The copy of the playbook at `source`, to be called `name` in the file `target`; throws when there is an
  /// error in it, after all are reported.
  init(
    of source: String, named name: String, to target: String, by checking: PlaybookChecking
  ) throws {
    let recorded = try checking.loadRecorded(source).2
    guard let root = recorded.files.resolved(source),
      let bytes = try? recorded.files.read(root, YAMLLimits.playbook.bytes)
    else { throw CommandFailure(.invalid, "`\(source)` cannot be read") }
    let original = CopiedPlaybook(String(decoding: bytes, as: UTF8.self), in: source)
    targets = [
      Target(path: target, bytes: Array(original.text(named: name, in: target).utf8))
    ]
    let folder = UserPath.folder(of: root, current: "")
    let newFolder = UserPath.folder(of: target, current: "")
    addDefaults(of: original, in: folder, below: folder, to: newFolder)
    for (path, bytes) in recorded.contents.sorted(by: { $0.key < $1.key }) where path != root {
      guard let place = Self.relative(path, to: folder) else {
        remarks.append("\(path) is not copied, since it is not below the folder of the playbook")
        continue
      }
      targets.append(Target(path: UserPath.join(newFolder, place), bytes: bytes))
      let played = CopiedPlaybook(String(decoding: bytes, as: UTF8.self), in: path)
      addDefaults(
        of: played, in: UserPath.folder(of: path, current: ""), below: folder, to: newFolder)
    }
  }

  /// Adds the files that inputs have by default, which are relative to the playbook.
  private mutating func addDefaults(
    of playbook: CopiedPlaybook, in folder: String, below root: String, to target: String
  ) {
    for name in playbook.defaultFiles where !name.hasPrefix("/") && !name.hasPrefix("~") {
      let files = PlaybookFiles.disk
      guard let path = try? files.resolve(UserPath.join(folder, name)),
        let bytes = try? files.read(path, Self.largestDefault),
        let place = Self.relative(path, to: root)
      else {
        remarks.append("the file `\(name)`, which an input has by default, is not copied")
        continue
      }
      let new = UserPath.join(target, place)
      guard !targets.contains(where: { $0.path == new }) else { continue }
      targets.append(Target(path: new, bytes: bytes))
    }
  }

  private static func relative(_ path: String, to folder: String) -> String? {
    let prefix = folder.hasSuffix("/") ? folder : "\(folder)/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
  }

  /// Writes all files, those that are there with the same bytes left alone.
  ///
  /// Throws before anything is written when one is there with others, unless `isForced`.
  func write(isForced: Bool) throws {
    let missing = targets.filter { target in
      (try? PlaybookFiles.disk.read(target.path, target.bytes.count)) != target.bytes
    }
    let taken = missing.filter { FileStatus.exists($0.path) }
    guard isForced || taken.isEmpty else {
      let names = taken.map { "`\($0.path)`" }.joined(separator: ", ")
      throw CommandFailure(
        .invalid, "\(names) \(taken.count == 1 ? "exists" : "exist") already",
        hint: "give a name in another folder, or replace with `--force`")
    }
    for target in missing {
      try WrittenFile.write(target.bytes, to: target.path, .shared)
    }
  }
}

/// Finds a shipped workflow by its name.
enum WorkflowSearch {
  /// The path of what `name` names: a file, or a workflow in a folder `workflows` above the current folder
  /// or the program, or among those that are installed with it.
  static func path(of name: String) throws -> String {
    let path = try CommandPath.expand(name)
    if FileStatus.exists(path) || path.contains("/") { return path }
    let file = ["yaml", "yml"].contains(UserPath.fileExtension(of: path)) ? path : "\(path).yaml"
    let program = (try? FileName.resolve("/proc/self/exe")) ?? Folder.current
    for start in [Folder.current, UserPath.folder(of: program, current: "/")] {
      for folder in folders(above: start) {
        for below in ["", "workflows", "share/privirun/workflows"] {
          let candidate = UserPath.join(UserPath.join(folder, below), file)
          if FileStatus.exists(candidate) { return candidate }
        }
      }
    }
    throw CommandFailure(
      .invalid,
      "there is no workflow `\(name)` in this folder, in `workflows` above it, or beside the program",
      hint: "give the path of a playbook")
  }

  private static func folders(above start: String) -> [String] {
    var folders = [start]
    while let last = folders.last, last != "/", !last.isEmpty, folders.count < 64 {
      folders.append(UserPath.folder(of: last, current: "/"))
    }
    return folders
  }
}

extension PlaybookFiles {
  /// The path that `path` resolves to; nil where there is no such file.
  fileprivate func resolved(_ path: String) -> String? { try? resolve(path) }
}
