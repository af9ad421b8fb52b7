import Diagrams
import Expressions
import Foundation
import FoundationXML
import Operations
import Planning
import Testing

@Suite struct DiagramTests {
  @Test(arguments: DiagramFormat.allCases)
  func `every form of step is drawn`(format: DiagramFormat) throws {
    let diagram = FlowDiagram(of: try DiagramFixtures.checked("everything.yaml").planned)
    let text = diagram.text(in: format)
    let expected = try? DiagramFixtures.text("everything.\(format.rawValue)")
    if text != expected { DiagramFixtures.write(text, to: "everything.\(format.rawValue)") }
    // What was drawn is beside the other fixtures now: look at it before it is committed.
    #expect(text == expected)
  }

  @Test(arguments: DiagramFixtures.shipped, DiagramFormat.allCases)
  func `a shipped workflow is drawn twice alike`(path: String, format: DiagramFormat) throws {
    let playbook = try DiagramFixtures.checked(path).planned
    let text = FlowDiagram(of: playbook).text(in: format)
    #expect(text == FlowDiagram(of: playbook).text(in: format))
    #expect(text.hasSuffix("\n"))
  }

  @Test(arguments: DiagramFixtures.shipped + ["everything.yaml"])
  func `a drawing is XML with a title and a description`(path: String) throws {
    let diagram = FlowDiagram(of: try DiagramFixtures.checked(path).planned)
    let reader = DrawingReader()
    let parser = XMLParser(data: Data(diagram.text(in: .svg).utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.texts["title"]?.first == diagram.title)
    #expect(reader.texts["desc"]?.first?.isEmpty == false)
    #expect(reader.root?["role"] == "img")
    #expect(reader.root?["aria-labelledby"] == "title description")
    #expect(reader.boxesInside)
  }

  @Test func `marks of every language are escaped`() throws {
    let name = #"a"b\c<d>&'#`*[e] %%{f}%%"#
    let quoted = name.replacing("'", with: "''")
    let diagram = FlowDiagram(
      of: try DiagramFixtures.checked(steps: "  - { name: '\(quoted)', wait: 1s }\n").planned)
    #expect(
      diagram.text(in: .mermaid).contains(
        ##"s1(["a#34;b#92;c#60;d#62;#38;'#35;#96;#42;#91;e] #37;#37;{f}#37;#37;<br/>wait 1s"])"##))
    #expect(
      diagram.text(in: .dot).contains(
        ##"s1 [label="a\"b\\c<d>&'#`*[e] %%{f}%%\nwait 1s", shape=oval, style=solid]"##))
    #expect(
      diagram.text(in: .svg).contains(
        ##">a&quot;b\c&lt;d&gt;&amp;&apos;#`*[e] %%{f}%%</text>"##))
  }

  @Test func `what no document can hold becomes a blank, and a long name is cut`() throws {
    let name = "\\u0001a\\u202Eb\\t" + String(repeating: "long ", count: 20)
    let diagram = FlowDiagram(
      of: try DiagramFixtures.checked(steps: "  - { name: \"b\(name)\", wait: 1s }\n").planned)
    guard case .step(let step) = diagram.sequence.units[0].part else {
      Issue.record("no step")
      return
    }
    #expect(step.title == "b a b " + String(repeating: "long ", count: 13) + "…")
  }

  @Test func `a secret that stands in the file is masked`() throws {
    let playbook = try DiagramFixtures.checked(
      steps: "  - { name: say correct-horse, wait: 1s }\n"
    ).planned
    let diagram = FlowDiagram(
      of: playbook, secrets: SecretScrubber([Secret("correct-horse")]))
    for format in DiagramFormat.allCases {
      #expect(!diagram.text(in: format).contains("correct-horse"))
      #expect(diagram.text(in: format).contains("say •••"))
    }
  }

  @Test func `what undoes a step stands beside it, and leads nowhere`() throws {
    let playbook = try DiagramFixtures.checked(
      steps: """
          - call: file.write
            with: { path: a.txt, data: a }
            undo:
              - { name: Take it back, wait: 1s }
        """
    ).planned
    let diagram = FlowDiagram(of: playbook)
    let edges = diagram.text(in: .mermaid).split(separator: "\n").suffix(3)
    #expect(
      edges == ["  start --> s1", "  s1 -.->|\"undo\"| g2", "  s1 --> finish"])
    #expect(
      diagram.text(in: .svg).contains(
        "2 steps: file.write, undone by (Take it back).</desc>"))
  }

  @Test func `a played playbook is one step beyond the depth`() throws {
    let playbook = try DiagramFixtures.checked("everything.yaml").planned
    let diagram = FlowDiagram(of: playbook, depth: 0)
    #expect(diagram.isCut)
    #expect(!FlowDiagram(of: playbook).isCut)
    #expect(!FlowDiagram(of: playbook, depth: 9).isCut)
    let text = diagram.text(in: .mermaid)
    #expect(text.contains("[[\"Enrol ${{ store }}<br/>play enrol-device\"]]"))
    #expect(!text.contains("Have the device"))
  }
}

/// Collects what the tests ask of a drawing.
private final class DrawingReader: NSObject, XMLParserDelegate {
  var root: [String: String]?
  var texts: [String: [String]] = [:]
  private var rectangles: [[String: String]] = []
  private var open: [String] = []

  /// Whether no box is outside of the drawing.
  var boxesInside: Bool {
    guard let width = root?["width"].flatMap({ Int($0) }),
      let height = root?["height"].flatMap({ Int($0) })
    else { return false }
    return rectangles.allSatisfy { box in
      func number(_ name: String) -> Int { box[name].flatMap { Int($0) } ?? 0 }
      return number("x") >= 0 && number("y") >= 0 && number("x") + number("width") <= width
        && number("y") + number("height") <= height
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if root == nil { root = attributes }
    if name == "rect" { rectangles.append(attributes) }
    open.append(name)
    texts[name, default: []].append("")
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard let name = open.last, var last = texts[name]?.popLast() else { return }
    last += string
    texts[name]?.append(last)
  }
}
