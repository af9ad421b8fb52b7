import Testing

/// The size of files and functions, and the documents of what other modules see.
@Suite struct ShapeTests {
  private static let longestFile = 400
  private static let longestFunction = 60

  @Test func `no file has more than 400 lines`() {
    let long = (Package.sources + Package.tests).filter { $0.lines.count > Self.longestFile + 1 }
    #expect(long.map(\.path) == [])
  }

  @Test func `no function has more than 60 lines`() {
    #expect((Package.sources + Package.tests).flatMap(Self.longFunctions) == [])
  }

  @Test func `every declaration that other modules see is documented`() {
    #expect(Package.sources.flatMap { Self.undocumented(in: $0) } == [])
  }

  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "actor", "protocol", "func", "var", "let", "init", "typealias",
    "subscript",
  ]
  private static let modifiers: Set<Substring> = [
    "package", "private(set)", "internal(set)", "static", "final", "indirect", "mutating",
    "nonisolated", "consuming", "borrowing", "lazy", "weak",
  ]
  /// What the protocols of the language ask for explains itself.
  private static let plain: Set<String> = ["==", "<", "hash", "next"]

  /// What stands before the first space, bracket or colon: `init` in `init?(x: Int)`.
  private static func name(of word: Substring) -> Substring {
    let name = word.prefix { !"(<:{?[".contains($0) }
    return name.isEmpty ? word : name
  }

  /// The declarations without a document, each with its line.
  private static func undocumented(in file: SourceFile) -> [String] {
    file.lines.indices.compactMap { index in
      var words = file.lines[index].split(separator: " ")[...]
      guard words.contains("package"), modifiers.contains(words.first ?? "") else { return nil }
      while let first = words.first, modifiers.contains(first) { words = words.dropFirst() }
      guard let kind = words.first.map({ name(of: $0) }), kinds.contains(kind) else { return nil }
      let declared = words.dropFirst().first.map { name(of: $0) } ?? kind
      guard !plain.contains(String(declared)), !isDocumented(index, in: file) else { return nil }
      return "\(file.path):\(index + 1): \(declared)"
    }
  }

  private static func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
    let above = file.lines[..<index].reversed().lazy.map { $0.drop { $0 == " " } }
    return above.first { !$0.hasPrefix("@") && !$0.hasPrefix("#") }?.hasPrefix("///") ?? false
  }

  @Test(arguments: [
    ("package struct A {}", 1),
    ("/// What.\npackage struct A {}", 0),
    ("/// What.\n@main\npackage final class A {}", 0),
    ("  package mutating func go() {", 1),
    ("  package var name: String", 1),
    ("  package private(set) var name: String", 1),
    ("  package init?(_ text: String) {", 1),
    ("  /// What.\n  package init(", 0),
    ("package import Events", 0),
    ("  package static func == (left: A, right: A) -> Bool {", 0),
    ("/// What.\npackage struct A {\n  package enum B {}", 1),
    ("  package func hash(into hasher: inout Hasher) {", 0),
  ])
  func `a missing document is seen`(_ text: String, _ count: Int) {
    let file = SourceFile(path: "Sources/Events/A.swift", text: text)
    #expect(Self.undocumented(in: file).count == count)
  }

  /// The functions whose body ends more than 60 lines below its head; the formatter indents the end
  /// like the head.
  private static func longFunctions(in file: SourceFile) -> [String] {
    file.lines.indices.compactMap { start in
      let line = file.lines[start]
      let words = line.split(separator: " ").drop { $0 == "@discardableResult" }
      let declares = words.contains { $0 == "func" || name(of: $0) == "init" }
      let indent = line.prefix { $0 == " " }
      guard declares, !words.isEmpty, !line.contains("//"), !line.hasSuffix("}"),
        let end = file.lines[(start + 1)...].firstIndex(where: { $0 == indent + "}" }),
        end - start > longestFunction
      else { return nil }
      return "\(file.path):\(start + 1): \(end - start) lines"
    }
  }

  @Test(arguments: [(58, 0), (60, 1)])
  func `a long function is seen`(_ count: Int, _ found: Int) {
    let body = Array(repeating: "    go()", count: count).joined(separator: "\n")
    let file = SourceFile(
      path: "Sources/Events/A.swift", text: "struct A {\n  func b() {\n\(body)\n  }\n}\n")
    #expect(Self.longFunctions(in: file).count == found)
  }
}
