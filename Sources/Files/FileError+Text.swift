import SystemPackage

extension FileError: CustomStringConvertible {
  /// What is wrong, in one sentence without a full stop.
  package var description: String {
    switch problem {
    case .emptyPath, .nulInPath: cause
    case .noHome, .otherHome, .isFolder, .isSpecial, .isOwnStream, .isDanglingLink, .hasOtherNames,
      .hasOtherOwner, .exists, .keyIsLink, .keyIsOpen, .keyHasOtherOwner:
      "`\(path)` \(phrase)"
    case .system(let what, _): "`\(path)` \(what): \(phrase)"
    }
  }

  /// The same for a message that names the path already.
  package var cause: String {
    switch problem {
    case .emptyPath: "the path is empty"
    case .nulInPath: "the path contains a NUL character"
    case .system: phrase
    case .noHome, .otherHome, .isFolder, .isSpecial, .isOwnStream, .isDanglingLink, .hasOtherNames,
      .hasOtherOwner, .exists, .keyIsLink, .keyIsOpen, .keyHasOtherOwner:
      "it \(phrase)"
    }
  }

  private var phrase: String {
    switch problem {
    case .emptyPath: "is empty"
    case .nulInPath: "contains a NUL character"
    case .noHome: "begins with `~`, and the variable HOME names no folder"
    case .otherHome(let name): "begins with `\(name)`, which is not expanded"
    case .isFolder: "is a folder"
    case .isSpecial(let kind): "is \(kind), not a regular file"
    case .isOwnStream: "is the file that the output of this program goes to"
    case .isDanglingLink: "is a symbolic link to a file that does not exist"
    case .hasOtherNames(let count):
      "has \(count) names (hard links), and replacing it would separate them"
    case .hasOtherOwner: "belongs to another user"
    case .exists: "exists already"
    case .keyIsLink: "is a symbolic link, and keys are only read from regular files"
    case .keyIsOpen(let mode):
      "can be read or changed by other users (mode 0\(String(mode, radix: 8))), so its key is not used"
    case .keyHasOtherOwner: "belongs to another user, so its key is not used"
    case .system(_, let code): Self.reason(code)
    }
  }

  /// What to do next, when that is known.
  package var hint: String? {
    switch problem {
    case .emptyPath: "give the path of a file"
    case .nulInPath: nil
    case .noHome: "write the whole path"
    case .otherHome(let name):
      "write the whole path, or `./\(name)` for a file of that name; only `~/` is expanded"
    case .isFolder, .isSpecial: "give the path of a regular file"
    case .isOwnStream: "give another path, or redirect the output elsewhere"
    case .isDanglingLink: "create the file it points to, or remove the link"
    case .hasOtherNames: "write to another path, or remove the other names first"
    case .hasOtherOwner: "write to another path, or change the owner first"
    case .exists: "give another path, or move the file away"
    case .keyIsLink: "give the path of the file itself"
    case .keyIsOpen: "if you made this file and trust its key, run `chmod 600 \(path)`"
    case .keyHasOtherOwner:
      "if you trust its key, run `chown \(SystemCall.user.rawValue) \(path)`; otherwise restore your own key file"
    case .system(_, let code): Self.hint(for: code)
    }
  }

  /// The system's error in words.
  package static func reason(_ code: Int32) -> String {
    switch Errno(rawValue: code) {
    case .noSuchFileOrDirectory: "it does not exist"
    case .permissionDenied, .notPermitted: "permission denied"
    case .noSpace: "the disk is full"
    case .diskQuotaExceeded: "the disk quota is used up"
    case .fileTooLarge:
      "the file would be larger than the limit for files (ulimit -f, or the file system's)"
    case .readOnlyFileSystem: "the file system is read-only"
    case .fileNameTooLong: "the name is too long"
    case .notDirectory: "a part of its path is not a folder"
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "too many files are open"
    case .tooManySymbolicLinkLevels: "too many symbolic links"
    case let other: other.description.lowercased()
    }
  }

  private static func hint(for code: Int32) -> String? {
    switch Errno(rawValue: code) {
    case .noSuchFileOrDirectory: "check the path; relative paths begin in the current folder"
    case .permissionDenied, .notPermitted:
      "check the permissions of the file and of the folders above it"
    case .noSpace, .diskQuotaExceeded: "free some space, or write to another disk"
    case .fileTooLarge: "raise the limit (ulimit -f), or write to another file system"
    case .readOnlyFileSystem: "write to another folder"
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "raise the limit of open files (ulimit -n)"
    case _: nil
    }
  }
}

extension FileError {
  /// Whether nothing has the name.
  package var isMissing: Bool {
    if case .system(_, Errno.noSuchFileOrDirectory.rawValue) = problem { true } else { false }
  }

  /// Whether the path leads nowhere: nothing has the name, or what is before it is no folder.
  package var leadsNowhere: Bool {
    if case .system(_, Errno.notDirectory.rawValue) = problem { true } else { isMissing }
  }
}
