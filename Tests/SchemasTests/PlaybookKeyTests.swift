import Expressions
import FoundationEssentials
import Playbooks
import Schemas
import Testing

/// The schema has the keys that the reader knows, each with a description.
struct PlaybookKeyTests {
  private static func definitions() throws -> Value {
    try #require(try SchemaFiles.schema(.playbook).value[name: "$defs"])
  }

  /// The members that the branches of a definition have, with the schemas of each.
  private static func members(of schema: Value) -> [String: [Value]] {
    guard case .map(let keywords) = schema else { return [:] }
    var found: [String: [Value]] = [:]
    if case .map(let properties) = keywords["properties"] {
      for name in properties.names { found[name, default: []].append(properties[name] ?? .null) }
    }
    for branch in ["then", "else"] {
      guard let branch = keywords[branch] else { continue }
      found.merge(members(of: branch)) { $0 + $1 }
    }
    return found
  }

  private static func names(of mapping: PlaybookMapping) -> [String] {
    switch mapping {
    case .playbook: []
    case .input: ["input"]
    case .field: ["field"]
    case .element: ["element"]
    case .login: ["login"]
    case .application: ["application"]
    case .retry: ["retry", "ensuredRetry", "decisionRetry"]
    case .pages: ["pages"]
    case .wait: ["waitUntil"]
    case .assertion: ["assertion"]
    case .approve: ["approval"]
    case .formField: ["formField"]
    }
  }

  private static func schemas(of mapping: PlaybookMapping) throws -> [Value] {
    if mapping == .playbook { return [try SchemaFiles.schema(.playbook).value] }
    let definitions = try definitions()
    return try names(of: mapping).map { name in
      let found = try #require(definitions[name: name])
      // A form field is a word or a map.
      guard case .list(let choices) = found[name: "anyOf"] else { return found }
      return try #require(choices.last)
    }
  }

  @Test(arguments: PlaybookMapping.allCases)
  func `a map has the keys of the reader, and a description of each`(
    mapping: PlaybookMapping
  ) throws {
    for schema in try Self.schemas(of: mapping) {
      let members = Self.members(of: schema)
      #expect(members.keys.sorted() == mapping.keys.sorted())
      #expect(members.filter { !$1.contains(where: Self.isDescribed) }.keys.sorted() == [])
    }
  }

  private static func isDescribed(_ schema: Value) -> Bool { schema[name: "description"] != nil }

  @Test(arguments: StepKind.allCases)
  func `a step has the keys of its kind, modifiers, and a description of each`(
    kind: StepKind
  ) throws {
    let schema = try #require(try Self.definitions()[name: "\(kind.rawValue)Step"])
    let members = Self.members(of: schema)
    #expect(kind.keys.allSatisfy { members[$0] != nil })
    #expect(members.keys.filter { !(kind.keys + StepKind.modifiers).contains($0) } == [])
    // The operation that is called says what it does.
    let undescribed = members.filter { !$1.contains(where: Self.isDescribed) }.keys.sorted()
    #expect(undescribed == (kind == .call ? ["call"] : []))
  }

  @Test func `all keys of steps are offered before the kind is known`() throws {
    let schema = try #require(try Self.definitions()[name: "anyStep"])
    let members = Self.members(of: schema)
    #expect(members.keys.sorted() == StepKind.allKeys.sorted())
    #expect(members.filter { !$1.contains(where: Self.isDescribed) }.keys.sorted() == [])
    let ofKinds = try StepKind.allCases.flatMap { kind in
      let schema = try #require(try Self.definitions()[name: "\(kind.rawValue)Step"])
      return Array(Self.members(of: schema).keys)
    }
    #expect(Set(ofKinds) == Set(StepKind.allKeys))
  }

  @Test func `the reader has no list of keys that is not a mapping`() throws {
    let paths = try SchemaFiles.paths(under: "Sources/Playbooks/Reading", endingIn: ".swift")
    let calls = try paths.flatMap { path in
      try SchemaFiles.text(path).split(separator: "= checkKeys(").dropFirst().compactMap {
        $0.split(separator: "known: ", maxSplits: 1).last?.prefix { $0 != ")" && $0 != "\n" }
      }
    }
    #expect(calls.filter { !$0.lowercased().contains("mapping.") } == [])
    #expect(calls.count > 8)
  }

  /// The keys in the first column of the table that follows `heading`.
  private static func table(after heading: String) throws -> [String] {
    let text = try SchemaFiles.text("docs/language.md")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 != heading }.drop { !$0.hasPrefix("|---") }.dropFirst()
      .prefix { $0.hasPrefix("| ") }
    return lines.flatMap { line in
      let cell = line.dropFirst(2).prefix { $0 != "|" }
      return cell.split(separator: "`").map(String.init).filter { name in
        name.contains { $0.isLetter }
      }
    }
  }

  @Test func `the reference has a row for each key`() throws {
    let top = try Self.table(after: "# The playbook language, version 1")
    #expect(top == PlaybookMapping.playbook.keys)
    let kinds = try Self.table(after: "## Steps")
    #expect(kinds.sorted() == StepKind.allCases.map(\.rawValue).sorted())
    let modifiers = try Self.table(after: "## Modifiers")
    #expect(modifiers.sorted() == StepKind.modifiers.sorted())
  }
}
