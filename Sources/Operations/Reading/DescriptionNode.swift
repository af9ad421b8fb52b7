import Diagnostics
import Playbooks

/// A node of an OpenAPI document, with the ways the reader looks at one.
struct DescriptionNode {
  let node: YAMLNode

  init(_ node: YAMLNode) {
    self.node = node
  }

  var location: SourceLocation { node.location }

  /// The entries of a mapping; none for anything else.
  var members: [YAMLNode.Entry] {
    if case .mapping(let entries) = node.content { entries } else { [] }
  }

  /// The elements of a sequence; none for anything else.
  var elements: [DescriptionNode] {
    if case .sequence(let nodes) = node.content { nodes.map(DescriptionNode.init) } else { [] }
  }

  /// The text of a scalar.
  var text: String? {
    if case .scalar(let text, _) = node.content { text } else { nil }
  }

  var isMapping: Bool {
    if case .mapping = node.content { true } else { false }
  }

  /// What stands under `key` of a mapping.
  subscript(key: String) -> DescriptionNode? {
    guard case .mapping(let entries) = node.content else { return nil }
    return entries.first { $0.key == key }.map { DescriptionNode($0.value) }
  }
}
