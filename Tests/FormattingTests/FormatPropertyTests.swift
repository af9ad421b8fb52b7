import Diagnostics
import Formatting
import Foundation
import Playbooks
import Randomness
import Testing

@Suite struct FormatPropertyTests {
  private static let files = ["workflows", "Tests", "Benchmarks", ".ci", "docs", "schemas"]
    .flatMap(FormattingFixtures.yamlFiles(below:))

  @Test(arguments: files)
  func `formatting keeps what a file of the repository says`(path: String) throws {
    try check(try FormattingFixtures.repositoryBytes(path), path)
  }

  @Test(arguments: try examples())
  func `formatting keeps what an example of the docs says`(text: String) throws {
    try check(Array(text.utf8), "docs")
  }

  @Test(arguments: 0..<400)
  func `formatting keeps what a generated file says`(seed: Int) throws {
    var generator = YAMLTextGenerator(seed: UInt64(seed))
    let text = generator.document()
    _ = try YAMLNode(parsing: Array(text.utf8), file: "seed \(seed)")
    try check(Array(text.utf8), "seed \(seed)\n\(text)")
  }

  /// Parses, formats, parses again and formats again.
  private func check(_ bytes: [UInt8], _ comment: String) throws {
    guard let node = try? YAMLNode(parsing: bytes, file: "a", limits: .formatted) else {
      let result = try? FormattedText(bytes, file: "a")
      #expect(result == nil || result == .untouched(.empty), "\(comment)")
      return
    }
    switch try FormattedText(bytes, file: "a") {
    case .untouched(let reason):
      #expect(reason != .unreadable, "\(comment)")
    case .text(let text):
      let formatted = Array(text.utf8)
      let again = try YAMLNode(parsing: formatted, file: "a", limits: .formatted)
      #expect(again.meaning == node.meaning, "\(comment)")
      #expect(try FormattedText(formatted, file: "a") == .text(text), "\(comment)")
      // In block scalars blank lines are content.
      let hasBlocks = bytes.contains { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: ">") }
      #expect(hasBlocks || !text.contains("\n\n\n"), "\(comment)")
      #expect(
        text.split(separator: "\n").count { $0.contains("#") }
          >= Self.commentLines(bytes), "\(comment)")
    }
  }

  @Test func `whole files in the documentation are in the form that they recommend`() throws {
    let whole = try Self.examples().filter { FileKind.isOwn(Array($0.utf8)) }
    #expect(whole.count >= 10)
    for example in whole { #expect(try FormattedText.of(example) == example) }
  }

  /// The lines that are certainly comments.
  private static func commentLines(_ bytes: [UInt8]) -> Int {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .count { $0.hasPrefix("# ") }
  }

  private static func examples() throws -> [String] {
    let docs = FormattingFixtures.repository.appending(path: "docs")
    let names = try FileManager.default.contentsOfDirectory(atPath: docs.path())
    return try names.filter { $0.hasSuffix(".md") }.sorted().flatMap { name in
      try String(contentsOf: docs.appending(path: name), encoding: .utf8)
        .components(separatedBy: "```yaml\n").dropFirst()
        .map { $0.components(separatedBy: "```")[0] }
    }
  }
}
