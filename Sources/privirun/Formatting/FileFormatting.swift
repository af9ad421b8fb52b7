import Diagnostics
import Files
import Formatting
import Playbooks

/// Formats the files of one command, and reports what it did with each.
final class FileFormatting {
  private let check: Bool
  private let diff: Bool
  private let disk = PlaybookFiles.disk
  private var hasFailed = false
  private var hasDifference = false
  private var done: Set<String> = []

  /// Writes the files, unless `check` or `diff` only shows what would be written.
  init(check: Bool, diff: Bool) {
    self.check = check
    self.diff = diff
  }

  /// Whether `path` names standard input or a pipe of the shell, such as `<(…)`.
  ///
  /// A named pipe is none: nobody may write to it, and reading it would never end.
  static func isStream(_ path: String) -> Bool {
    path == "-"
      || ["/dev/stdin", "/dev/fd/", "/proc/"].contains { path.hasPrefix($0) }
        && PlaybookFiles.isStream(path)
  }

  /// How the command ends; nil when all went well.
  var status: ExitStatus? {
    if hasFailed { return .invalid }
    return check && hasDifference ? .different : nil
  }

  /// Formats the file at `path`, or those below that folder which are certainly of privirun.
  func format(_ path: String) {
    guard FileStatus.problem(of: path)?.problem == .isFolder else {
      return formatFile(path, isNamed: true)
    }
    do throws(FileError) {
      let paths = try Folder.paths(below: path) { name in
        name.hasSuffix(".yaml") || name.hasSuffix(".yml")
      }
      for file in paths { formatFile(Self.shown(file), isNamed: false) }
    } catch {
      fail(error.description, hint: error.hint)
    }
  }

  /// Formats what the stream at `path` holds, and prints it.
  func formatStream(_ path: String) {
    let files = disk.reading(streamAt: path)
    guard let bytes = read(PlaybookFiles.streamName, from: files),
      let result = formatted(bytes, PlaybookFiles.streamName)
    else { return }
    let old = YAMLText.lossy(bytes)
    let new: String
    switch result {
    case .text(let text): new = text
    case .untouched(let reason):
      note(PlaybookFiles.streamName, reason)
      new = old
    }
    guard check || diff else { return StandardStream.output.write(new) }
    report(PlaybookFiles.streamName, from: bytes, to: new)
  }

  private func formatFile(_ path: String, isNamed: Bool) {
    guard done.insert(path).inserted, let bytes = read(path, from: disk),
      isNamed || FileKind.isOwn(bytes), let result = formatted(bytes, path)
    else { return }
    switch result {
    case .untouched(let reason): note(path, reason)
    case .text(let text):
      if !check, !diff {
        guard !text.utf8.elementsEqual(bytes), write(text, to: path) else { return }
      }
      report(path, from: bytes, to: text)
    }
  }

  private func formatted(_ bytes: [UInt8], _ path: String) -> FormattedText? {
    do throws(InvalidInput) {
      return try FormattedText(bytes, file: path)
    } catch {
      hasFailed = true
      var texts = SourceTexts()
      texts[path] = YAMLText.lossy(bytes)
      StandardStream.report(error.diagnostics, quoting: texts)
      return nil
    }
  }

  private func read(_ path: String, from files: PlaybookFiles) -> [UInt8]? {
    let limit = YAMLLimits.formatted.bytes
    do throws(PlaybookFiles.Problem) {
      return try files.read(try files.resolve(path), limit)
    } catch {
      switch error {
      case .missing: fail("`\(path)` does not exist")
      case .notAFile: fail("`\(path)` is not a regular file")
      case .tooLarge: fail("`\(path)` is larger than \(limit >> 20) MiB")
      case .unreadable(let cause): fail("`\(path)` cannot be read: \(cause)")
      }
      return nil
    }
  }

  private func write(_ text: String, to path: String) -> Bool {
    // It could be replaced in its folder all the same.
    if (try? FileStatus(of: path))?.isReadOnly == true {
      fail("`\(path)` is read-only", hint: "make it writable, then format it again")
      return false
    }
    do throws(FileError) {
      try AtomicFile.write(Array(text.utf8), to: path, .shared)
      return true
    } catch {
      fail(error.description, hint: error.hint)
      return false
    }
  }

  /// Prints that a file changed, or would change, or how.
  private func report(_ path: String, from bytes: [UInt8], to text: String) {
    guard !text.utf8.elementsEqual(bytes) else { return }
    hasDifference = true
    guard diff else { return StandardStream.output.write("\(path)\n") }
    // What was formatted is valid text; a byte order mark is one of the differences.
    let difference = LineDifference(from: String(decoding: bytes, as: UTF8.self), to: text)
    StandardStream.output.write(difference.text(path: path))
  }

  private func note(_ path: String, _ reason: UntouchedReason) {
    StandardStream.error.write("privirun: \(path) is left as it is: \(reason.phrase)\n")
  }

  private func fail(_ message: String, hint: String? = nil) {
    hasFailed = true
    StandardStream.error.write(CommandFailure(.invalid, message, hint: hint).message)
  }

  /// A path without the `./` of the current folder.
  private static func shown(_ path: String) -> String {
    path.hasPrefix("./") ? String(path.dropFirst(2)) : path
  }
}
