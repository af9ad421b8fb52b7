import FoundationEssentials

/// One Swift file of this package.
struct SourceFile: Sendable {
  /// Relative to the package, such as `Sources/Events/Outcome.swift`.
  let path: String
  let lines: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The folder under `Sources` or `Tests` that it is in.
  var module: String {
    path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  /// The lines with comments taken out, each with its number.
  var code: [(number: Int, text: String)] {
    lines.enumerated().map { index, line in
      let isComment = line.drop { $0 == " " }.hasPrefix("//")
      let end = line.firstRange(of: " // ")?.lowerBound ?? line.endIndex
      return (index + 1, isComment ? "" : String(line[..<end]))
    }
  }
}

/// The files of this package, found from where this file was compiled.
enum Package {
  static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  static let sources = (try? files(under: "Sources")) ?? []
  static let tests = (try? files(under: "Tests")) ?? []

  private static func files(under folder: String) throws -> [SourceFile] {
    try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
      .filter { $0.hasSuffix(".swift") }
      .sorted()
      .map { SourceFile(path: "\(folder)/\($0)", text: try text("\(folder)/\($0)")) }
  }
}
