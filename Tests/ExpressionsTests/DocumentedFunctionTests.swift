import Foundation
import Testing

@testable import Expressions

/// The functions that the language reference lists are those that there are.
@Suite struct DocumentedFunctionTests {
  private static let macros: Set = [
    "has", "all", "exists", "exists_one", "existsOne", "filter", "map", "transformList",
    "transformMap", "transformMapEntry", "sortBy", "cel.bind", "optMap", "optFlatMap",
  ]

  /// The names between backticks at the places where a table of the section lists functions.
  private static func documented() throws -> Set<String> {
    let file = URL(filePath: #filePath).appending(path: "../../../docs/language.md").standardized
    let text = try String(contentsOf: file, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "### Functions\n").last)
    let rows = section.components(separatedBy: "\n").drop { !$0.hasPrefix("|") }
      .prefix { $0.hasPrefix("|") }.dropFirst(2)
    let names = rows.flatMap { $0.matches(of: /`([A-Za-z0-9_.]+)`/).map { String($0.output.1) } }
    return Set(names)
  }

  @Test func `the reference lists every function and macro, and no others`() throws {
    #expect(
      try Self.documented() == Set(Function.names).union(Self.macros).union(["getDate"]))
  }

  @Test(arguments: ["now", "random", "env", "sum"])
  func `what the reference says is not there is not`(name: String) {
    #expect(Function.named[name] == nil)
  }
}
