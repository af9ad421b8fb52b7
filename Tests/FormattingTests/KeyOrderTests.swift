import Diagnostics
import Expressions
import Formatting
import Foundation
import Playbooks
import Testing

@testable import Formatting

@Suite struct KeyOrderTests {
  private static let written: [(FileShape, String)] = [
    (.playbook, "playbook: 1\nqqqqqqqq: 1\nsteps: [{ wait: 1s }]\n"),
    (.declaration, "playbook: 1\ninputs: { a: { type: string, qqqqqqqq: 1 } }\n"),
    (
      .elementType,
      "playbook: 1\ninputs: { a: { type: list, of: { type: string, qqqqqqqq: 1 } } }\n"
    ),
    (.session, "playbook: 1\nsession: { qqqqqqqq: 1 }\n"),
    (.retry, "playbook: 1\nsteps: [{ wait: 1s, retry: { attempts: 2, qqqqqqqq: 1 } }]\n"),
    (.wait, "playbook: 1\nsteps: [{ wait: { qqqqqqqq: 1 } }]\n"),
    (.approve, "playbook: 1\nsteps: [{ approve: { qqqqqqqq: 1 } }]\n"),
    (.conditions, "playbook: 1\nsteps: [{ assert: { qqqqqqqq: 1 } }]\n"),
    (.step, "playbook: 1\nsteps: [{ qqqqqqqq: 1 }]\n"),
  ]

  @Test(arguments: written)
  func `every key of the language has a place in the order`(
    shape: FileShape, text: String
  ) throws {
    let error = #expect(throws: InvalidInput.self) {
      try Playbook(parsing: Array(text.utf8), file: "a.yaml")
    }
    let hint = try #require(
      error?.diagnostics.first { $0.code == .unknownKey && $0.message.contains("qqqqqqqq") }?.hint)
    let known = Set(
      hint.split(separator: "`", omittingEmptySubsequences: false)
        .enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) })
    #expect(!known.isEmpty)
    #expect(known.subtracting(shape.keys ?? []).isEmpty)
  }

  @Test func `both orders of a step have the same keys, each once`() {
    #expect(StepOrder.leaf.sorted() == StepOrder.group.sorted())
    #expect(Set(StepOrder.leaf).count == StepOrder.leaf.count)
  }

  @Test(arguments: FileShape.allCases)
  func `no order names a key twice`(shape: FileShape) {
    let keys = shape.keys ?? []
    #expect(Set(keys).count == keys.count)
  }

  @Test(arguments: [
    (FileShape.rollout, "rollout", [String]()),
    (.environmentsFile, "environments", []),
    (.environment, "environments", ["$defs", "environment"]),
  ])
  func `every key of a schema has a place in the order`(
    shape: FileShape, schema: String, path: [String]
  ) throws {
    let bytes = try FormattingFixtures.repositoryBytes("schemas/\(schema).schema.json")
    var object = try #require(
      JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    for key in path { object = try #require(object[key] as? [String: Any]) }
    let properties = try #require(object["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(shape.keys ?? []))
  }

  @Test func `a key that is not known stays behind the one before it`() throws {
    let text = "playbook: 1\nsummary: b\nmystery: 1\nname: a\nsteps: []\n"
    #expect(
      try FormattedText.of(text)
        == "playbook: 1\nname: a\nsummary: b\nmystery: 1\nsteps: []\n")
  }

  @Test func `the comment of a key that becomes the first stays apart from the one of the file`()
    throws
  {
    let text = "# file\nsteps: []\n# version\nplaybook: 1\n"
    #expect(
      try FormattedText.of(text) == "# file\n\n# version\nplaybook: 1\nsteps: []\n")
    #expect(
      try FormattedText.of("# file\nsteps: []\nplaybook: 1\n")
        == "# file\nplaybook: 1\nsteps: []\n")
  }

  @Test func `maps whose keys the writer chose keep their order`() throws {
    let text = """
      playbook: 1
      inputs:
        z: { type: string }
        a: { type: map, default: { type: 1, of: 2, alpha: 3 } }
      steps:
        - for-each: { next: 1, call: 2, as: 3 }
          steps:
            - call: a.b
              with: { when: 1, id: 2 }

      """
    #expect(try FormattedText.of(text) == text)
  }
}
