import Testing

/// The size of files, and the documents of doors.
@Suite struct ShapeTests {
  private static let longest = 400

  @Test func `no file has more than 400 lines`() {
    let long = (Package.sources + Package.tests).filter { $0.lines.count > Self.longest + 1 }
    #expect(long.map(\.path) == [])
  }

  @Test func `every type and function that other modules see is documented`() {
    let requirements = Package.sources.reduce(into: Self.plain) {
      $0.formUnion(Self.requirements(in: $1))
    }
    let missing = Package.sources.flatMap { Self.undocumented(in: $0, except: requirements) }
    #expect(missing == [])
  }

  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "actor", "protocol", "func",
  ]
  private static let modifiers: Set<Substring> = [
    "package", "static", "final", "indirect", "mutating", "nonisolated", "consuming", "borrowing",
  ]
  /// What the protocols of others ask for explains itself.
  private static let plain: Set<String> = ["==", "<", "hash", "next"]

  /// The names of the functions that a file's protocols ask for, which are documented there.
  private static func requirements(in file: SourceFile) -> [String] {
    guard file.lines.contains(where: { $0.contains("package protocol ") }) else { return [] }
    return file.lines.compactMap { line in
      let words = line.split(separator: " ").drop { $0 == "mutating" || $0 == "static" }
      guard words.first == "func", line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
      return words.dropFirst().first.map { name(of: $0) }
    }
  }

  private static func name(of word: Substring) -> String {
    let name = word.prefix { !"(<:{".contains($0) }
    return String(name.isEmpty ? word : name)
  }

  /// The declarations without a document, each with its line.
  ///
  /// A nested type is documented by what uses it.
  private static func undocumented(
    in file: SourceFile, except exempt: Set<String> = plain
  ) -> [String] {
    file.lines.indices.compactMap { index in
      var words = file.lines[index].split(separator: " ")[...]
      guard words.contains("package"), modifiers.contains(words.first ?? "") else { return nil }
      while let first = words.first, modifiers.contains(first) { words = words.dropFirst() }
      guard let kind = words.first, kinds.contains(kind), words.count > 1 else { return nil }
      let name = name(of: words[words.startIndex + 1])
      let isNestedType = kind != "func" && file.lines[index].hasPrefix(" ")
      guard !isNestedType, !exempt.contains(name), !isDocumented(index, in: file) else {
        return nil
      }
      return "\(file.path):\(index + 1): \(name)"
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
    ("  package var name: String", 0),
    ("package import Events", 0),
    ("  package static func == (left: A, right: A) -> Bool {", 0),
    ("/// What.\npackage struct A {\n  package enum B {}", 0),
    ("  package func hash(into hasher: inout Hasher) {", 0),
  ])
  func `a missing document is seen`(_ text: String, _ count: Int) {
    let file = SourceFile(path: "Sources/Events/A.swift", text: text)
    #expect(Self.undocumented(in: file).count == count)
  }
}
