import Files

extension InputSources {
  /// The files of this machine; the environment and the prompt are the caller's.
  package static func live(
    environment: [String: String], ask: (@Sendable (InputQuestion) -> String?)? = nil
  ) -> InputSources {
    let home = environment["HOME"]
    return InputSources(
      environment: { environment[$0] },
      size: { path throws(FileFlaw) in try Self.inspect(try Self.expand(path, home)) },
      read: { path, limit throws(FileFlaw) in
        try Self.readStream(try Self.expand(path, home), limit)
      },
      ask: ask)
  }

  private static func expand(_ path: String, _ home: String?) throws(FileFlaw) -> String {
    do throws(FileError) {
      return try UserPath.expand(path, home: home)
    } catch {
      throw .unreadable([error.cause, error.hint].compactMap(\.self).joined(separator: "; "))
    }
  }

  private static func inspect(_ path: String) throws(FileFlaw) -> Int {
    do throws(FileError) {
      let status = try FileStatus(of: path)
      if let problem = status.problem { throw FileError(path, problem) }
      try FileStatus.checkReadable(path)
      return status.size
    } catch {
      throw FileFlaw(error)
    }
  }

  /// Reads a file to its end, never more than the limit; a pipe or terminal will do too.
  private static func readStream(_ path: String, _ limit: Int) throws(FileFlaw) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(FileError) {
      bytes = try OpenFile.stream(path).rest(atMost: limit)
    } catch {
      throw FileFlaw(error)
    }
    guard let bytes else { throw .tooLarge(limit: limit) }
    return bytes
  }
}

extension InputSources.FileFlaw {
  fileprivate init(_ error: FileError) {
    switch error.problem {
    case .isFolder: self = .directory
    case .isSpecial: self = .unreadable("it is not a regular file")
    case _: self = error.leadsNowhere ? .missing : .unreadable(error.cause)
    }
  }
}
