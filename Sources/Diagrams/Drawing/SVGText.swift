/// A diagram as an SVG 1.1 document that needs nothing else, readable on light and dark ground.
///
/// Every colour of text has a contrast of at least 4.5 to 1 with its ground (WCAG 2.2, 1.4.3), and every
/// line at least 3 to 1 (1.4.11).
struct SVGText {
  private static let margin = 20
  private static let style = """
    :root{color-scheme:light dark}
    .ground{fill:#fff}.step{fill:#f3f5f8;stroke:#57606a}.frame{fill:none;stroke:#6e7781}
    .loop{stroke-width:2}.rescue{stroke:#b3151f;stroke-dasharray:6 4}.undo{stroke-dasharray:2 4}.approve{stroke:#7a4d00}
    .assert{stroke:#116329}.wait{stroke:#0a4fa8}.terminal{fill:#1b1f24}.on{fill:#fff}
    text{fill:#1b1f24;font:13px ui-monospace,Menlo,Consolas,monospace}
    .title{font-weight:600}.detail{fill:#545d68}
    .arrow{fill:none;stroke:#57606a;stroke-width:1.5}.dashed{stroke-dasharray:6 4}
    .head{fill:#57606a}
    @media (prefers-color-scheme:dark){.ground{fill:#0d1117}.step{fill:#171d25;stroke:#a3adb8}
    .frame{stroke:#8b949e}.rescue{stroke:#ff8f87}.approve{stroke:#e3b341}.assert{stroke:#56d364}
    .wait{stroke:#79c0ff}.terminal{fill:#e6edf3}text{fill:#e6edf3}.on{fill:#0d1117}
    .detail{fill:#a3adb8}.arrow{stroke:#a3adb8}.head{fill:#a3adb8}}
    """

  private var lines: [String] = []

  static func text(of diagram: FlowDiagram) -> String {
    var writer = SVGText()
    writer.write(diagram)
    return writer.lines.map { "\($0)\n" }.joined()
  }

  private mutating func write(_ diagram: FlowDiagram) {
    let box = DrawnLayout.box(of: diagram)
    let (width, height) = (box.width + 2 * Self.margin, box.height + 2 * Self.margin)
    lines += [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-labelledby=\"title description\">",
      "<title id=\"title\">\(Self.escaped(diagram.title))</title>",
      "<desc id=\"description\">\(Self.escaped(FlowOutline.text(of: diagram)))</desc>",
      "<style>\(Self.style)</style>",
      "<rect class=\"ground\" width=\"\(width)\" height=\"\(height)\"/>",
    ]
    let shapes = box.shapes.map { $0.moved(x: Self.margin, y: Self.margin) }
    // Frames first: what stands in them is drawn over them.
    for shape in shapes { if case .frame = shape { write(shape) } }
    for shape in shapes { if case .frame = shape { continue } else { write(shape) } }
    lines.append("</svg>")
  }

  private mutating func write(_ shape: DrawnShape) {
    switch shape {
    case .frame(let group, let place):
      lines.append(Self.rectangle(place, "frame \(group.kind.rawValue)", radius: 8))
      write(group.title, group.detail, x: place.x + 12, y: place.y + 20, anchor: "start")
    case .step(let step, let place):
      let radius = step.kind == .wait || step.kind == .approve ? place.height / 2 : 4
      lines.append(Self.rectangle(place, "step \(step.kind.rawValue)", radius: radius))
      write(
        step.title, step.detail, x: place.x + place.width / 2, y: place.y + 20, anchor: "middle")
    case .terminal(let text, let place):
      lines.append(Self.rectangle(place, "terminal", radius: place.height / 2))
      lines.append(
        "<text class=\"on\" x=\"\(place.x + place.width / 2)\" y=\"\(place.y + 19)\" "
          + "text-anchor=\"middle\">\(Self.escaped(text))</text>")
    case .arrow(let arrow): write(arrow)
    }
  }

  private mutating func write(
    _ title: String, _ detail: String?, x: Int, y: Int, anchor: String
  ) {
    lines.append(
      "<text class=\"title\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">"
        + "\(Self.escaped(title))</text>")
    guard let detail else { return }
    lines.append(
      "<text class=\"detail\" x=\"\(x)\" y=\"\(y + DrawnLayout.lineHeight)\" "
        + "text-anchor=\"\(anchor)\">\(Self.escaped(detail))</text>")
  }

  private mutating func write(_ arrow: DrawnArrow) {
    let points = arrow.points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    lines.append(
      "<polyline class=\"arrow\(arrow.isDashed ? " dashed" : "")\" points=\"\(points)\"/>")
    if arrow.hasHead, let end = arrow.points.last, let before = arrow.points.dropLast().last {
      lines.append("<path class=\"head\" d=\"\(Self.head(at: end, from: before))\"/>")
    }
    if let label = arrow.label {
      lines.append(
        "<text class=\"detail\" x=\"\(arrow.labelPoint.x)\" y=\"\(arrow.labelPoint.y)\">"
          + "\(Self.escaped(label))</text>")
    }
  }

  /// A triangle that points down, or to the right.
  private static func head(at end: DrawnArrow.Point, from before: DrawnArrow.Point) -> String {
    before.y < end.y
      ? "M\(end.x),\(end.y)l-5,-9h10z" : "M\(end.x),\(end.y)l-9,-5v10z"
  }

  private static func rectangle(
    _ place: DrawnRectangle, _ names: String, radius: Int
  ) -> String {
    "<rect class=\"\(names)\" x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(place.width)\" "
      + "height=\"\(place.height)\" rx=\"\(radius)\"/>"
  }

  /// `text` with what XML has for its own marks (XML 1.0 §2.4).
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      case _: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
