import SystemPackage

extension FileDescriptor {
  /// Opens `path`, as it is spelled, for this process alone: the programs it starts do not get it.
  ///
  /// A call that a signal interrupts is an error, so that waiting for a pipe can be given up.
  static func opening(
    _ path: String, _ mode: AccessMode, _ options: OpenOptions = [],
    permissions: FilePermissions? = nil
  ) throws(Errno) -> FileDescriptor {
    try Errno.typed {
      try open(
        path, mode, options: options.union(.closeOnExec), permissions: permissions,
        retryOnInterrupt: false)
    }
  }
}

extension Errno {
  /// Runs a call of swift-system, which throws errors of this type and no other.
  static func typed<Result>(_ call: () throws -> Result) throws(Errno) -> Result {
    do {
      return try call()
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }
}

extension FilePermissions {
  /// Mode 0600.
  static let owner: FilePermissions = [.ownerReadWrite]
  /// Mode 0644.
  static let shared: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
  /// What the group and all others may do.
  static let others: FilePermissions = [.groupReadWriteExecute, .otherReadWriteExecute]
  /// All bits of a mode.
  static let all: FilePermissions = [
    .ownerReadWriteExecute, .others, .setUserID, .setGroupID, .saveText,
  ]
}

extension UserID {
  static let root = UserID(0)
}

extension Stat {
  /// Why this is not a regular file, or nil when it is one.
  var kindProblem: FileError.Problem? {
    switch type {
    case .regular: nil
    case .directory: .isFolder
    case .fifo: .isSpecial("a pipe")
    case .characterSpecial, .blockSpecial: .isSpecial("a device")
    case .socket: .isSpecial("a socket")
    case _: .isSpecial("something else")
    }
  }

  /// Which file this is, whatever its name.
  var identity: FileIdentity { FileIdentity(device: deviceID, inode: inode) }
}

extension FileError {
  /// Runs `body`; its error is what the system reported while it did `what` with `path`.
  static func at<Result>(
    _ path: String, _ what: String, _ body: () throws(Errno) -> Result
  ) throws(FileError) -> Result {
    do throws(Errno) {
      return try body()
    } catch {
      throw FileError(path, .system(what, code: error.rawValue))
    }
  }
}
