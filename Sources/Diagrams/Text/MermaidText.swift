import Playbooks

/// A diagram in the language of Mermaid's flowcharts.
struct MermaidText {
  private var lines: [String] = []

  static func text(of diagram: FlowDiagram) -> String {
    var writer = MermaidText()
    writer.write(diagram)
    return writer.lines.map { "\($0)\n" }.joined()
  }

  private mutating func write(_ diagram: FlowDiagram) {
    let graph = FlowGraph(diagram)
    lines += [
      "---", "title: \(YAMLWriter.quoted(diagram.title))", "---", "flowchart TB",
      "  \(FlowGraph.start)([\"start\"])",
    ]
    for element in graph.elements { write(element, indent: 1) }
    lines.append("  \(FlowGraph.end)([\"end\"])")
    for edge in graph.edges {
      let arrow =
        switch edge.kind {
        case .next, .always: "-->"
        case .rescue, .undo: "-.->"
        }
      let label = edge.label.map { "|\"\(Self.escaped($0))\"|" } ?? ""
      lines.append("  \(edge.from) \(arrow)\(label) \(edge.to)")
    }
  }

  private mutating func write(_ element: FlowGraph.Element, indent: Int) {
    let blanks = String(repeating: "  ", count: indent)
    switch element {
    case .node(let id, let step):
      let (left, right) = Self.shape(of: step.kind)
      lines.append("\(blanks)\(id)\(left)\"\(Self.label(step.title, step.detail))\"\(right)")
    case .frame(let id, let group, let elements):
      lines.append("\(blanks)subgraph \(id)[\"\(Self.label(group.title, group.detail))\"]")
      lines.append("\(blanks)  direction TB")
      for element in elements { write(element, indent: indent + 1) }
      lines.append("\(blanks)end")
    }
  }

  private static func shape(of kind: FlowStep.Kind) -> (String, String) {
    switch kind {
    case .call, .local: ("[", "]")
    case .play: ("[[", "]]")
    case .assert: ("{{", "}}")
    case .wait: ("([", "])")
    case .approve: ("[/", "/]")
    }
  }

  private static func label(_ title: String, _ detail: String?) -> String {
    ([title] + [detail].compactMap(\.self)).map(escaped).joined(separator: "<br/>")
  }

  /// `text` inside quotes: whatever Mermaid, Markdown or HTML could take for a mark, by its number.
  private static func escaped(_ text: String) -> String {
    let list = listMark(of: text)
    return text.unicodeScalars.enumerated().reduce(into: "") { escaped, element in
      switch element.element {
      case "\"", "#", "&", "<", ">", "`", "\\", "[", "*", "~", "%":
        escaped += "#\(element.element.value);"
      case _ where element.offset == list: escaped += "#\(element.element.value);"
      case let scalar: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// The place of a character that would make `text` an item of a list, such as the dot of `1. One`.
  private static func listMark(of text: String) -> Int? {
    let scalars = Array(text.unicodeScalars)
    let digits = scalars.prefix { ("0"..."9").contains($0) }.count
    guard digits < scalars.count else { return nil }
    let marks: [Unicode.Scalar] = digits == 0 ? ["-", "+"] : [".", ")"]
    return marks.contains(scalars[digits]) ? digits : nil
  }
}
