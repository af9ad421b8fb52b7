import FoundationEssentials
import Glibc
import Planning

extension InputSources {
  /// The process's environment, its files, and a prompt when a person is there to answer it.
  static func live(environment: [String: String]) -> InputSources {
    InputSources(
      variable: { environment[$0] },
      text: { path in
        guard case .file(let size) = finding(path), size <= 65_536,
          let data = FileManager.default.contents(atPath: path)
        else { return nil }
        return String(data: data, encoding: .utf8)
      },
      file: finding,
      prompt: prompt)
  }

  private static func finding(_ path: String) -> FileFinding {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      return access(path, F_OK) == 0 ? .unreadable : .missing
    }
    let followed = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    var isFolder: Bool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .missing
    }
    if isFolder { return .folder }
    guard access(path, R_OK) == 0 else { return .unreadable }
    if followed { return .file(size: FileManager.default.contents(atPath: path)?.count ?? 0) }
    return .file(size: (attributes[.size] as? UInt64).map(Int.init) ?? 0)
  }

  /// Asks on the terminal without echo.
  private static func prompt(_ name: String, _ summary: String?) -> String? {
    guard isatty(0) == 1, isatty(2) == 1 else { return nil }
    let summary = summary.map { " (\($0))" } ?? ""
    StandardStream.error.write("\(name)\(summary): ")
    var settings = termios()
    guard tcgetattr(0, &settings) == 0 else { return nil }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(0, TCSAFLUSH, &silent)
    defer {
      tcsetattr(0, TCSAFLUSH, &settings)
      StandardStream.error.write("\n")
    }
    return readLine(strippingNewline: true)
  }
}
