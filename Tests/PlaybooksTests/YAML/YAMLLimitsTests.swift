import Diagnostics
import Expressions
import Playbooks
import Testing

/// Inputs that are too big, too deep or no text at all: made here, since no file should hold them.
struct YAMLLimitsTests {
  private static func diagnostics(
    _ bytes: [UInt8], limits: YAMLLimits = .playbook
  ) -> [Diagnostic] {
    do {
      _ = try YAMLNode(parsing: bytes, file: "a.yaml", limits: limits)
      return []
    } catch {
      return error.diagnostics
    }
  }

  private static func place(_ line: Int, _ column: Int, _ length: Int = 1)
    -> Diagnostics.SourceLocation
  {
    Diagnostics.SourceLocation(file: "a.yaml", line: line, column: column, length: length)
  }

  @Test func `a file of 50 MB is refused`() {
    let found = Self.diagnostics([UInt8](repeating: UInt8(ascii: "a"), count: 50_000_000))
    #expect(
      found == [
        Diagnostic(
          .fileTooLarge, "the file `a.yaml` is larger than 1 MiB", at: Self.place(1, 1),
          hint: "keep data in files of their own and hand them over as inputs")
      ])
  }

  @Test func `a file of exactly the limit is read`() {
    let text = "a: " + String(repeating: "b", count: (1 << 20) - 3)
    #expect(Self.diagnostics(Array(text.utf8)).isEmpty)
    #expect(Self.diagnostics(Array((text + "b").utf8)).map(\.code) == [.fileTooLarge])
  }

  @Test func `NUL bytes are found where they are`() {
    let found = Self.diagnostics(Array("a: b\nc\0: d\n\0".utf8))
    let hint = "is this a text file? A playbook is plain UTF-8 text"
    #expect(
      found == [
        Diagnostic(.nulByte, "the file holds a NUL byte", at: Self.place(2, 2), hint: hint),
        Diagnostic(.nulByte, "the file holds a NUL byte", at: Self.place(3, 1), hint: hint),
      ])
  }

  @Test(arguments: [
    ([0xFF], "0xFF at offset 2", 3), ([0xC3, 0x28], "0xC3 at offset 2", 3),
    ([0xC3, 0xA9, 0xE2, 0x82], "0xE2 at offset 4", 4),
    ([0xED, 0xA0, 0x80], "0xED at offset 2", 3), ([0xC0, 0x80], "0xC0 at offset 2", 3),
  ])
  func `invalid UTF-8 is found where it begins`(bytes: [UInt8], which: String, column: Int) {
    let found = Self.diagnostics(Array("é\r\nb:".utf8) + bytes)
    let offset = which.split(separator: " ").last.flatMap { Int($0) } ?? 0
    let message = which.replacing(" \(offset)", with: " \(offset + 4)")
    #expect(
      found == [
        Diagnostic(
          .notUTF8, "byte \(message) is not valid UTF-8", at: Self.place(2, column),
          hint: "save the file as UTF-8")
      ])
  }

  @Test(arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
  func `UTF-16 is refused by name`(bytes: [UInt8]) {
    #expect(
      Self.diagnostics(bytes) == [
        Diagnostic(
          .notUTF8, "the file is UTF-16", at: Self.place(1, 1), hint: "save it as UTF-8")
      ])
  }

  @Test func `a UTF-8 byte order mark is skipped`() throws {
    let node = try YAMLNode(parsing: [0xEF, 0xBB, 0xBF] + Array("a: 1".utf8), file: "a.yaml")
    #expect(node.value == ["a": 1])
    #expect(node.entries?.first?.keyLocation == Self.place(1, 1))
  }

  @Test(arguments: ["[", "{a: ", "- ", "a:\n", "? "])
  func `ten thousand levels are refused`(opening: String) {
    var text = ""
    for level in 0..<10_000 {
      text += opening.hasSuffix("\n") ? String(repeating: " ", count: min(level, 100)) : ""
      text += opening
    }
    let codes = Set(Self.diagnostics(Array(text.utf8)).map(\.code))
    #expect(!codes.isEmpty)
    #expect(codes.isSubset(of: [.tooDeep, .keyNotText, .duplicateKey, .yamlSyntax]))
  }

  @Test func `exactly 64 levels are read`() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(Self.diagnostics(nested(64)).isEmpty)
    #expect(
      Self.diagnostics(nested(65)) == [
        Diagnostic(
          .tooDeep, "lists and maps are nested deeper than 64 levels", at: Self.place(1, 65),
          hint: "move inner parts to a playbook of their own")
      ])
  }

  @Test func `aliases cannot build what may not be written`() {
    var text = "a0: &a0 [x]\n"
    for level in 1...64 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(Self.diagnostics(Array(text.utf8)).map(\.code) == [.tooDeep])
  }

  @Test func `an alias bomb is refused before it goes off`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let found = Self.diagnostics(Array(text.utf8))
    #expect(found.map(\.code) == [.tooManyNodes])
    #expect(found.first?.message == "the file stands for more than 100000 values")
  }

  @Test func `nodes are counted with what aliases stand for`() {
    // The map, three keys, and lists of three and four nodes; the alias stands for three.
    let text = Array("a: &a [1, 2]\nb: *a\nc: [1, 2, 3]\n".utf8)
    #expect(Self.diagnostics(text, limits: YAMLLimits(bytes: 100, nodes: 14)).isEmpty)
    #expect(
      Self.diagnostics(text, limits: YAMLLimits(bytes: 100, nodes: 13)).map(\.code)
        == [.tooManyNodes])
  }

  @Test(arguments: ["", "\n", "\u{FEFF}", "# nothing\n"])
  func `a file without anything in it is empty`(text: String) {
    #expect(Self.diagnostics(Array(text.utf8)).map(\.code) == [.emptyFile])
  }

  @Test func `bad characters stand on the lines that are quoted`() {
    let found = Self.diagnostics(Array("a\u{0B}b\u{0C}\u{2028}c\r\n\u{1}".utf8))
    #expect(found.compactMap(\.location) == [Self.place(1, 2), Self.place(1, 4), Self.place(2, 1)])
  }

  @Test func `of many bad characters only the first are reported`() {
    #expect(Self.diagnostics([UInt8](repeating: 0, count: 1000)).count == 10)
  }

  @Test func `no more than a hundred diagnostics are reported`() {
    let text = (0..<500).map { "- {a\($0): 1, a\($0): 2}\n" }.joined()
    let found = Self.diagnostics(Array(text.utf8))
    #expect(found.count == 101)
    #expect(found.last?.code == .tooManyDiagnostics)
  }
}
