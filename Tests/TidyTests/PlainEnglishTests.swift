import FoundationEssentials
import Testing

/// What people read is written in the words of the field: a sentence must not be read twice.
@Suite struct PlainEnglishTests {
  /// Phrases that read as translated, each with what to write instead.
  private static let bans: [(phrase: String, instead: String)] = [
    ("tell", "report, print, show, return, record or distinguish"),
    ("tells", "reports, prints, shows, returns, records or distinguishes"),
    ("told", "reported, printed, shown, returned, recorded or distinguished"),
    ("telling", "reporting or distinguishing"),
    ("whole number", "integer"),
    ("whole numbers", "integers"),
    ("of itself", "automatically"),
    ("our fault", "internal error"),
    ("to begin with", "initially"),
    ("left to chance", "random"),
    ("an imitation of", "a simulated"),
    ("cannot stand", "is unexpected"),
    ("what became of", "the outcome of"),
    ("what becomes of", "the outcome of"),
    ("what came of", "the outcome of"),
    ("comes of it", "the outcome"),
    ("goes over the wire", "HTTP and WebSocket traffic"),
    ("half-fails", "fails halfway"),
    ("in clear", "in plain text"),
    ("in good order", "cleanly or normally"),
    ("going round", "repeating"),
    ("came to nothing", "failed"),
    ("comes to nothing", "fails"),
    ("takes in", "handles, includes or accepts"),
  ]

  /// The phrases in `text`, whole words only, each with its line.
  private static func offences(in text: String, of path: String) -> [String] {
    text.lowercased().split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .flatMap { index, line in
        bans.compactMap { ban in
          holds(line, ban.phrase)
            ? "\(path):\(index + 1): “\(ban.phrase)”: write \(ban.instead)" : nil
        }
      }
  }

  private static func holds(_ line: Substring, _ phrase: String) -> Bool {
    line.ranges(of: phrase).contains { range in
      let before =
        range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
      let after = range.upperBound < line.endIndex ? line[range.upperBound] : " "
      return !before.isLetter && !after.isLetter
    }
  }

  private static func paths(under folder: String, endings: [String]) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: "\(Package.root)/\(folder)")
      .filter { path in endings.contains { path.hasSuffix($0) } }
      .map { "\(folder)/\($0)" }.sorted()
  }

  @Test func `sources, documents, workflows and schemas use the words of the field`() throws {
    let pages =
      try ["README.md", "CHANGELOG.md", "Benchmarks/README.md"]
      + Self.paths(under: "docs", endings: [".md"])
      + Self.paths(under: "workflows", endings: [".md", ".yaml"])
      + Self.paths(under: "schemas", endings: [".json", ".yaml"])
    var found = try pages.flatMap { Self.offences(in: try Package.text($0), of: $0) }
    for file in Package.sources + Package.tests
    where !file.path.hasSuffix("PlainEnglishTests.swift") {
      found += Self.offences(in: file.lines.joined(separator: "\n"), of: file.path)
    }
    #expect(found == [])
  }

  @Test(arguments: [
    ("It tells a lot.", 1), ("Nothing is told.", 1), ("The storyteller retold it.", 0),
    ("Two whole numbers", 1), ("Whole, numbers", 0), ("// That is our fault", 1),
  ])
  func `a banned phrase is found as whole words only`(_ text: String, _ count: Int) {
    #expect(Self.offences(in: text, of: "a").count == count)
  }
}
