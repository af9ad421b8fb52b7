import Diagnostics

/// A file that cannot be used, turned into words.
struct PlayedFileProblem {
  /// The path as the user wrote it.
  let path: String
  /// The folder it was looked for in.
  let folder: String
  let problem: PlaybookFiles.Problem
  let files: PlaybookFiles

  func diagnostic(at place: SourceLocation?) -> Diagnostic {
    switch problem {
    case .missing where Self.isStream(path), .notAFile where Self.isStream(path):
      Diagnostic(
        .notAFile, "a playbook is read from a file, not from `\(path)`", at: place,
        hint: "save it to a file; the playbooks it plays are looked for beside it")
    case .missing:
      Diagnostic(.missingFile, "there is no file `\(path)`", at: place, hint: neighbour)
    case .notAFile:
      Diagnostic(
        .notAFile, "`\(path)` is not a regular file", at: place,
        hint: "name the file of a playbook; of a folder all are `FOLDER/*.yaml`")
    case .tooLarge:
      .tooLarge(file: path, limit: YAMLLimits.playbook.bytes, at: place)
    case .unreadable(let reason):
      Diagnostic(
        .unreadableFile, "`\(path)` cannot be read: \(reason)",
        at: place ?? SourceLocation(file: path, line: 1, column: 1))
    }
  }

  /// Whether `path` names standard input or a pipe of the shell.
  private static func isStream(_ path: String) -> Bool {
    path == "-" || ["/dev/stdin", "/dev/fd/", "/proc/"].contains { path.hasPrefix($0) }
  }

  /// The file beside it that was most likely meant.
  private var neighbour: String? {
    let written = PlayedPath.folder(of: path)
    guard let names = files.names(folder.isEmpty ? "." : folder) else {
      return "there is no folder `\(written)` either"
    }
    return nearestName(to: PlayedPath.name(of: path), among: names)
      .map { "did you mean `\(PlayedPath.join(written, $0))`?" }
  }
}

extension Diagnostic {
  static func playCycle(_ names: [String], at place: SourceLocation) -> Diagnostic {
    let chain = names.map { "`\($0)`" }.joined(separator: " plays ")
    return Diagnostic(
      .playCycle, "this play never ends: \(chain)", at: place,
      hint: "a playbook cannot play itself, not even through others")
  }

  static func absolutePlay(at place: SourceLocation) -> Diagnostic {
    Diagnostic(
      .playOutside, "a play cannot name an absolute path", at: place,
      hint: "name the playbook relative to this file")
  }

  static func playOutside(_ path: Located<String>, folder: String) -> Diagnostic {
    let folder = folder.isEmpty ? "the folder of the first playbook" : "`\(folder)`"
    return Diagnostic(
      .playOutside, "`\(path.value)` is outside \(folder)", at: path.location,
      hint: "keep the playbooks that belong together in one folder, or in folders inside it")
  }
}
