import FoundationEssentials
import Testing

/// Imports and the manifest keep to the arrows of the design.
@Suite struct ModuleWallTests {
  @Test func `the sources are found, and every folder of them has its place in the house`() {
    let modules = Set(Package.sources.map(\.module))
    #expect(modules.count >= 10)
    #expect(modules.subtracting(ModuleWalls.arrows.keys) == [])
  }

  @Test func `every file imports only what its module may use`() {
    let objections = Package.sources.flatMap { file in
      ModuleWalls.imports(of: file).compactMap { module in
        ModuleWalls.objection(to: module, in: file.module).map { "\(file.path): \($0)" }
      }
    }
    #expect(objections == [])
  }

  @Test func `the manifest gives every module only what it may use`() throws {
    let manifest = try Package.text("Package.swift")
    let objections = ModuleWalls.arrows.keys.flatMap { module in
      Self.dependencies(of: module, in: manifest)
        .filter { ModuleWalls.arrows[$0] != nil }
        .compactMap { ModuleWalls.objection(to: $0, in: module) }
    }
    #expect(objections == [])
  }

  /// The quoted names behind `dependencies:` of the target `module`.
  private static func dependencies(of module: String, in manifest: String) -> [String] {
    let targets = manifest.split(separator: "arget(", omittingEmptySubsequences: true)
    guard
      let target = targets.first(where: { isDeclaration($0, of: module) }),
      let start = target.firstRange(of: "dependencies:")
    else { return [] }
    let list = target[start.upperBound...]
    return list.split(separator: "\"", omittingEmptySubsequences: false)
      .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  private static func isDeclaration(_ text: Substring, of module: String) -> Bool {
    text.drop { "( \n".contains($0) }.hasPrefix("name: \"\(module)\"")
  }

  @Test(arguments: [
    ("import Running", "Reporting", false),
    ("package import Events", "Reporting", true),
    ("import Diagnostics", "Running", true),
    ("import GRDB", "Journaling", true),
    ("import GRDB", "Running", false),
    ("import CLibYAML", "Operations", false),
    ("import Glibc", "Planning", false),
    ("import Glibc", "Files", true),
    ("import SystemPackage", "Journaling", false),
    ("import struct Foundation.Date", "Diagnostics", true),
    ("@preconcurrency import Mystery", "Diagnostics", false),
    ("// import Running", "Reporting", true),
  ])
  func `a wall that is broken is seen`(_ line: String, _ module: String, _ isFine: Bool) {
    let file = SourceFile(path: "Sources/\(module)/A.swift", text: line)
    let objections = ModuleWalls.imports(of: file).compactMap {
      ModuleWalls.objection(to: $0, in: module)
    }
    #expect(objections.isEmpty == isFine)
  }

  @Test func `the manifest is read`() {
    let manifest = """
      .target(name: "Expressions", dependencies: ["Diagnostics", collections]),
      .target(
        name: "Playbooks", dependencies: ["Expressions", "CLibYAML"]),
      """
    #expect(Self.dependencies(of: "Playbooks", in: manifest) == ["Expressions", "CLibYAML"])
    #expect(Self.dependencies(of: "Expressions", in: manifest) == ["Diagnostics"])
    #expect(Self.dependencies(of: "Events", in: manifest) == [])
  }
}
