import Testing

/// The names of types, and how much one of them holds.
@Suite struct TypeTests {
  private static let mostProperties = 10
  /// The modules that drive a run; what holds much there has several concerns.
  private static let engine: Set<String> = ["Machine", "Running", "Hosting", "Journaling"]

  @Test func `no two types share a name, unless one is part of another`() {
    #expect(Self.sharedNames(in: Package.sources) == [])
  }

  @Test func `no type of the engine has more than 10 stored properties`() {
    let files = Package.sources.filter { Self.engine.contains($0.module) }
    #expect(files.flatMap(Self.largeTypes) == [])
  }

  private struct DeclaredType {
    let name: String
    /// The number of spaces before it, none at the top of a file.
    let indent: Int
    /// The number of its line, from 1.
    let line: Int
  }

  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "actor", "protocol", "typealias",
  ]
  private static let modifiers: Set<Substring> = [
    "package", "public", "internal", "private", "fileprivate", "private(set)", "internal(set)",
    "final", "indirect", "lazy", "weak", "unowned", "nonisolated", "nonisolated(unsafe)",
  ]

  /// The words of a line from the first one that is neither a modifier nor an attribute.
  private static func declaration(in line: String) -> ArraySlice<Substring> {
    line.split(separator: " ").drop { modifiers.contains($0) || $0.hasPrefix("@") }
  }

  private static func types(in file: SourceFile) -> [DeclaredType] {
    file.code.compactMap { line in
      let words = declaration(in: line.text)
      guard let kind = words.first, kinds.contains(kind), let name = words.dropFirst().first else {
        return nil
      }
      return DeclaredType(
        name: String(name.prefix { $0.isLetter || $0.isNumber || $0 == "_" }),
        indent: indent(of: line.text), line: line.number)
    }
  }

  private static func indent(of line: String) -> Int { line.prefix { $0 == " " }.count }

  /// The names that several types at the top of files have, each with the files.
  ///
  /// The private ones count, too: a reader who searches for the name finds both.
  private static func sharedNames(in files: [SourceFile]) -> [String] {
    let named = files.flatMap { file in
      types(in: file).filter { $0.indent == 0 }.map { (name: $0.name, path: file.path) }
    }
    return Dictionary(grouping: named, by: \.name).filter { $0.value.count > 1 }
      .map { "\($0.key): \($0.value.map(\.path).joined(separator: ", "))" }.sorted()
  }

  @Test(arguments: [
    (["struct A {}", "package enum B {}"], 0),
    (["struct A {}", "extension B {\n  struct A {}\n}"], 0),
    (["struct A {}", "extension A {}"], 0),
    (["struct A {}", "// struct A {}"], 0),
    (["struct A {}", "package final class A: Sendable {}"], 1),
    (["/// What.\n@main\nstruct A<Value> {}", "private enum A: Int {}"], 1),
    (["package protocol A {}", "typealias A = Int"], 1),
    (["struct A {}\nactor B {}", "struct A {}", "enum B {}\nenum A {}"], 2),
  ])
  func `a shared name is seen`(_ texts: [String], _ count: Int) {
    let files = texts.enumerated().map {
      SourceFile(path: "Sources/Events/\($0.offset).swift", text: $0.element)
    }
    #expect(Self.sharedNames(in: files).count == count)
  }

  /// The types with too many properties, each with their number.
  private static func largeTypes(in file: SourceFile) -> [String] {
    let code = file.code
    return types(in: file).compactMap { type in
      let count = storedProperties(of: type, in: code)
      return count > mostProperties
        ? "\(file.path):\(type.line): \(type.name) has \(count) properties" : nil
    }
  }

  /// How many properties `type` stores; the formatter indents the end of a type like its head.
  private static func storedProperties(
    of type: DeclaredType, in code: [(number: Int, text: String)]
  ) -> Int {
    guard !code[type.line - 1].text.hasSuffix("}") else { return 0 }
    let end = String(repeating: " ", count: type.indent) + "}"
    return code.dropFirst(type.line).prefix { $0.text != end }.count { line in
      indent(of: line.text) == type.indent + 2 && isStoredProperty(line.text)
    }
  }

  /// Whether a line declares a property of values without a getter; a brace behind `=` is a closure.
  private static func isStoredProperty(_ line: String) -> Bool {
    guard let kind = declaration(in: line).first, kind == "var" || kind == "let" else {
      return false
    }
    return !line.prefix { $0 != "=" }.contains("{")
  }

  @Test(arguments: [
    ("let a: Int", 1),
    ("package private(set) var a: [Int] = []", 1),
    ("@Wrapper private var a = 1", 1),
    ("let a = make { $0 }", 1),
    ("lazy var a: Int = {\n    let b = 1\n    return b\n  }()", 1),
    ("let a: Int\n  let b: Int  // Why.", 2),
    ("// let a: Int", 0),
    ("static let a = 1", 0),
    ("var a: Bool { b == c }", 0),
    ("var a: Int {\n    let b = 1\n    return b\n  }", 0),
    ("struct B {\n    let a: Int\n  }", 0),
    ("func a() {\n    let b = 1\n  }", 0),
  ])
  func `stored properties are counted`(_ members: String, _ count: Int) throws {
    let file = SourceFile(
      path: "Sources/Machine/A.swift",
      text: "struct A {\n  \(members)\n}\n\nstruct Z {\n  let z: Int\n}\n")
    let type = try #require(Self.types(in: file).first)
    #expect(Self.storedProperties(of: type, in: file.code) == count)
  }

  @Test(arguments: [(10, 0), (11, 1)])
  func `a large type is seen`(_ count: Int, _ found: Int) {
    let members = (0..<count).map { "    let a\($0): Int" }.joined(separator: "\n")
    let file = SourceFile(
      path: "Sources/Machine/A.swift", text: "extension A {\n  struct B {\n\(members)\n  }\n}\n")
    #expect(Self.largeTypes(in: file).count == found)
  }
}
