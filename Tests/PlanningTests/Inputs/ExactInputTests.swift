import Diagnostics
import Expressions
import Planning
import Playbooks
import Testing

/// How values are read that other tools would round or rewrite.
@Suite struct ExactInputTests {
  private static let playbook = """
    playbook: 1
    name: greet
    inputs:
      username: { type: string, default: a@b.c }
      count: { type: integer, default: 3 }
      share: { type: number, default: 1 }
      loud: { type: boolean, default: false }
      role: { type: string, enum: [storage, authenticator] }
      stores: { type: list, of: string, default: [a, b] }
      labels: { type: map, of: integer, default: { a: 1 } }
    steps:
      - call: utility.check-server-health
    """

  private static func bind(_ arguments: [String], file: String?) throws -> ValueMap {
    var provided = ProvidedInputs()
    if let file { provided.take(file: "tenants/alice.yaml", Array(file.utf8)) }
    for argument in arguments { provided.take(argument: argument) }
    let sources = InputSources(
      environment: { _ in nil },
      size: { _ throws(InputSources.FileFlaw) in throw .missing },
      read: { _, _ throws(InputSources.FileFlaw) in throw .missing })
    let files = MemoryFiles(["greet.yaml": playbook])
    return try InputBinder(sources: sources).bind(
      provided, to: try files.check("greet.yaml").planned
    ).values
  }

  private static func diagnostics(_ arguments: [String], file: String? = nil) throws -> [String] {
    do {
      _ = try bind(arguments, file: file)
      return []
    } catch let error as InvalidInput {
      return error.diagnostics.map { diagnostic in
        let place = diagnostic.location.map { "\($0): " } ?? ""
        let hint = diagnostic.hint.map { " | \($0)" } ?? ""
        return "\(place)\(diagnostic.message) [\(diagnostic.code.rawValue)]\(hint)"
      }
    }
  }

  @Test(arguments: [
    (
      "username: 003",
      "1:11: the input `username` must be a string, not an integer [wrong-type] | "
        + "write it in quotes: \"003\""
    ),
    (
      "stores: [0x1F, 1e3, TRUE]",
      "1:10: the input `stores[0]` must be a string, not an integer [wrong-type] | "
        + "write it in quotes: \"0x1F\""
    ),
    (
      "stores: 0o17",
      "1:9: the input `stores` must be a list of strings, not an integer [wrong-type] | "
        + "write a list: [0o17]"
    ),
    (
      "stores: a, b",
      "1:9: the input `stores` must be a list of strings, not a string [wrong-type] | "
        + "write a list: [\"a\", \"b\"]"
    ),
    (
      "loud: yes",
      "1:7: the input `loud` must be true or false, not a string [wrong-type] | "
        + "write true or false, without quotes"
    ),
    (
      "count: 12345678901234567890",
      "1:8: the number 12345678901234567890 does not fit 64 bits [number-too-large] | "
        + "quote it to keep its digits as a string"
    ),
    (
      "share: 1e400",
      "1:8: the number 1e400 does not fit 64 bits [number-too-large] | "
        + "quote it to keep its digits as a string"
    ),
    (
      #"{"username": "a@b.c", "labels": {"a": 12345678901234567890}}"#,
      "1:39: the number 12345678901234567890 does not fit 64 bits [number-too-large] | "
        + "quote it to keep its digits as a string"
    ),
    (
      #"{"share": 1e400}"#,
      "1:11: the number 1e400 does not fit 64 bits [number-too-large] | "
        + "quote it to keep its digits as a string"
    ),
  ])
  func `hints keep what the file says, and no number is rounded`(
    _ file: String, _ expected: String
  ) throws {
    #expect(
      try Self.diagnostics([], file: file).first { !$0.contains("missing-input") }
        == "tenants/alice.yaml:" + expected)
  }

  @Test func `a number on the command line that does not fit is not said to be none`() throws {
    #expect(
      try Self.diagnostics(["role=storage", "count=12345678901234567890"]) == [
        "--input count:1:7: the input `count` must fit 64 bits, and 12345678901234567890 does not "
          + "[number-too-large]"
      ])
  }

  @Test func `JSON on the command line is read as JSON`() throws {
    let bound = try Self.bind(["role=storage", #"stores=["003", "\ud83d\ude00"]"#], file: nil)
    #expect(bound["stores"] == ["003", "😀"])
  }

  @Test func `an input with an enum is asked for with its values`() throws {
    #expect(
      try Self.diagnostics([]) == [
        "greet.yaml:8:3: the input `role` is missing (a string) [missing-input] | "
          + "give it with --input role=storage|authenticator"
      ])
  }
}
