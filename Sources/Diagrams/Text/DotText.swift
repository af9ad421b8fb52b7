/// A diagram in the language of Graphviz.
struct DotText {
  private var lines: [String] = []

  static func text(of diagram: FlowDiagram) -> String {
    var writer = DotText()
    writer.write(diagram)
    return writer.lines.map { "\($0)\n" }.joined()
  }

  private mutating func write(_ diagram: FlowDiagram) {
    let graph = FlowGraph(diagram)
    let ends = Self.ends(of: graph.elements)
    lines += [
      "digraph \(Self.quoted(diagram.title)) {",
      "  graph [compound=true, fontname=\"Helvetica\", label=\(Self.quoted(diagram.title)), "
        + "labelloc=t, rankdir=TB]",
      "  node [fontname=\"Helvetica\", shape=box, style=rounded]",
      "  edge [fontname=\"Helvetica\", fontsize=10]",
      "  \(FlowGraph.start) [label=\"start\", shape=oval]",
    ]
    for element in graph.elements { write(element, indent: 1) }
    lines.append("  \(FlowGraph.end) [label=\"end\", shape=oval]")
    for edge in graph.edges { lines.append("  \(Self.line(of: edge, ends))") }
    lines.append("}")
  }

  private mutating func write(_ element: FlowGraph.Element, indent: Int) {
    let blanks = String(repeating: "  ", count: indent)
    switch element {
    case .node(let id, let step):
      let label = Self.label(step.title, step.detail)
      lines.append("\(blanks)\(id) [label=\(label)\(Self.shape(of: step.kind))]")
    case .frame(let id, let group, let elements):
      lines.append("\(blanks)subgraph cluster_\(id) {")
      lines.append("\(blanks)  label=\(Self.label(group.title, group.detail))")
      lines.append("\(blanks)  style=\(Self.style(of: group.kind))")
      for element in elements { write(element, indent: indent + 1) }
      lines.append("\(blanks)}")
    }
  }

  // MARK: Edges

  /// The nodes at which arrows to and from a frame are fastened: Graphviz has none between frames.
  private struct Ends {
    var first: String
    var last: String
    var isFrame: Bool
  }

  private static func ends(of elements: [FlowGraph.Element]) -> [String: Ends] {
    var ends: [String: Ends] = [:]
    for element in elements { _ = collect(element, into: &ends) }
    return ends
  }

  private static func collect(
    _ element: FlowGraph.Element, into ends: inout [String: Ends]
  ) -> Ends {
    switch element {
    case .node(let id, _): return Ends(first: id, last: id, isFrame: false)
    case .frame(let id, _, let elements):
      let inside = elements.map { collect($0, into: &ends) }
      let frame = Ends(
        first: inside.first?.first ?? id, last: inside.last?.last ?? id, isFrame: true)
      ends[id] = frame
      return frame
    }
  }

  private static func line(of edge: FlowGraph.Edge, _ ends: [String: Ends]) -> String {
    let (tail, head) = (ends[edge.from], ends[edge.to])
    var attributes: [String] = []
    if let label = edge.label { attributes.append("label=\(quoted(label))") }
    if tail != nil { attributes.append("ltail=cluster_\(edge.from)") }
    if head != nil { attributes.append("lhead=cluster_\(edge.to)") }
    switch edge.kind {
    case .rescue, .undo: attributes.append("style=dashed")
    case .next, .always: break
    }
    let list = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
    return "\(tail?.last ?? edge.from) -> \(head?.first ?? edge.to)\(list)"
  }

  // MARK: Attributes

  private static func shape(of kind: FlowStep.Kind) -> String {
    switch kind {
    case .call, .local: ""
    case .play: ", peripheries=2"
    case .assert: ", shape=hexagon, style=solid"
    case .wait: ", shape=oval, style=solid"
    case .approve: ", shape=parallelogram, style=solid"
    }
  }

  private static func style(of kind: FlowGroup.Kind) -> String {
    switch kind {
    case .play, .block, .parallel, .branch, .always: "rounded"
    case .loop: "\"rounded,bold\""
    case .rescue, .undo: "\"rounded,dashed\""
    }
  }

  private static func label(_ title: String, _ detail: String?) -> String {
    let lines = [title] + [detail].compactMap(\.self)
    return "\"\(lines.map(escaped).joined(separator: "\\n"))\""
  }

  private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

  /// `text` inside quotes; a backslash would begin an escape of Graphviz, such as `\N`.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
