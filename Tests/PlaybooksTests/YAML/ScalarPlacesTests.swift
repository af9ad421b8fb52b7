import Diagnostics
import Playbooks
import Testing

struct ScalarPlacesTests {
  /// Documents of one key whose value holds only scalars that stand for themselves.
  static let faithful = [
    "a: plain",
    "a:   plain text with é and 🙂 in it # comment",
    "a: plain\n   over\n\n   three lines",
    "a: 'single quoted'",
    "a: 'it''s quoted'",
    "a: 'it''s\n  over\n\n\n  lines'",
    "a: \"double quoted\"",
    "a: \"with \\\"escapes\\\" and \\u00e9 é after\"",
    "a: \"folded\n   lines \\\n   joined\n\n  gap\"",
    "a: |\n  first\n  second\n\n    indented\n  last\n",
    "a: |-\n\n\n  late\n     \n  end",
    "a: |2-\n    kept indentation\n  less",
    "a: >\n  folded\n  line\n\n  next\n    more\n    indented\n\n  end\n",
    "a: >-\n   one\n   two",
    "a: &anchor plain",
    "a: !!str &anchor\n  'on the next line'",
    "a: {b: plain}",
    "a:\r\n  |\r\n  first\r\n  second\r\n",
  ]

  @Test(arguments: faithful)
  func `every character of a scalar is found where it was written`(text: String) throws {
    let node = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    let outer = try #require(node["a"])
    let scalar = outer["b"] ?? outer
    let value = try #require(scalar.text)
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map(Array.init)
    for (offset, character) in value.unicodeScalars.enumerated() {
      guard character != " ", character != "\n" else { continue }
      let place = scalar.location(ofScalarOffset: offset)
      let line = try #require(lines.indices.contains(place.line - 1) ? lines[place.line - 1] : nil)
      let found = line.indices.contains(place.column - 1) ? line[place.column - 1] : nil
      let isEscape = found == "\\" && character != "\\"
      #expect(isEscape || found == character, "offset \(offset) of \(value)")
    }
  }

  @Test func `a node begins where it is written`() throws {
    let text = "a: 1\nbé: [x, 'y']\nc:\n  d: |\n    z\ne: *e\n".replacing("*e", with: "&e end")
    let node = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    func place(_ line: Int, _ column: Int, _ length: Int) -> Diagnostics.SourceLocation {
      Diagnostics.SourceLocation(file: "a.yaml", line: line, column: column, length: length)
    }
    #expect(node.location == place(1, 1, 1))
    #expect(
      node.entries?.map(\.keyLocation) == [
        place(1, 1, 1), place(2, 1, 2), place(3, 1, 1), place(6, 1, 1),
      ])
    #expect(node["bé"]?.location == place(2, 5, 1))
    #expect(node["bé"]?.elements?.map(\.location) == [place(2, 6, 1), place(2, 9, 3)])
    #expect(node["c"]?.location == place(4, 3, 1))
    #expect(node["c"]?["d"]?.location == place(4, 6, 1))
    #expect(node["e"]?.location == place(6, 7, 3))
  }
}
