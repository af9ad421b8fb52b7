import Expressions
import FoundationEssentials
import Schemas
import Testing

/// The files under `schemas`, and the first lines that lead editors to them.
struct SchemaFileTests {
  @Test(arguments: SchemaDocument.Kind.allCases)
  func `the schema in the repository is the one that the program prints`(
    kind: SchemaDocument.Kind
  ) throws {
    let name = SchemaDocument.fileName(of: kind)
    let text = try SchemaFiles.schema(kind).text
    if ProcessInfo.processInfo.environment["PRIVIRUN_UPDATE_EXPECTED"] != nil {
      try SchemaFiles.write(text, to: "schemas/\(name)")
      Issue.record("wrote \(name)")
      return
    }
    let isSame = try SchemaFiles.text("schemas/\(name)") == text
    #expect(
      isSame,
      """
      write it anew: privirun schema \(kind.rawValue) --to schemas/\(name), or run this test with \
      PRIVIRUN_UPDATE_EXPECTED=1
      """)
  }

  @Test(arguments: SchemaDocument.Kind.allCases)
  func `the text of a schema is its value, in lines of at most 100 characters where they can be`(
    kind: SchemaDocument.Kind
  ) throws {
    let schema = try SchemaFiles.schema(kind)
    #expect(try JSON.parse(Array(schema.text.utf8), repeatedNames: .refused) == schema.value)
    let long = schema.text.split(separator: "\n").filter { $0.unicodeScalars.count > 100 }
    // A string is not broken: nothing but its key stands before it.
    #expect(long.filter { !$0.contains("\": \"") && $0.drop { $0 == " " }.first != "\"" } == [])
  }

  private static let workflows =
    ((try? SchemaFiles.paths(under: "workflows", endingIn: ".yaml")) ?? [])
    .filter { !$0.contains("/inputs/") }

  @Test func `workflows are found`() {
    #expect(Self.workflows.count > 40)
  }

  @Test(arguments: workflows)
  func `a shipped workflow keeps to its schema`(path: String) throws {
    let kind: SchemaDocument.Kind = path.contains("/rollouts/") ? .rollout : .playbook
    let validator = SchemaValidator(try SchemaFiles.schema(kind).value)
    #expect(try validator.complaints(about: SchemaFiles.document(path)) == [])
  }

  @Test(arguments: workflows)
  func `the first line of a shipped workflow names its schema`(path: String) throws {
    let kind: SchemaDocument.Kind = path.contains("/rollouts/") ? .rollout : .playbook
    let up = path.split(separator: "/").dropLast().map { _ in "../" }.joined()
    let line = "# yaml-language-server: $schema=\(up)schemas/\(SchemaDocument.fileName(of: kind))"
    #expect(try SchemaFiles.text(path).prefix { $0 != "\n" } == line)
  }
}
