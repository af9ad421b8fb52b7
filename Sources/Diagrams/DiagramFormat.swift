/// The forms in which a diagram is written.
package enum DiagramFormat: String, Sendable, Hashable, CaseIterable {
  /// Mermaid, which hosts of repositories draw in Markdown.
  case mermaid
  /// The language of Graphviz.
  case dot
  /// A drawing that browsers and editors show.
  case svg
}

extension FlowDiagram {
  /// The diagram as a text that ends with a line break; the same for the same playbooks.
  package func text(in format: DiagramFormat) -> String {
    switch format {
    case .mermaid: MermaidText.text(of: self)
    case .dot: DotText.text(of: self)
    case .svg: SVGText.text(of: self)
    }
  }
}
