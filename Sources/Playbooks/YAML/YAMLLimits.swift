/// How much YAML is read before the reader gives up.
package struct YAMLLimits: Sendable, Hashable {
  /// The largest file, in bytes.
  package var bytes: Int
  /// The most nodes, an alias counting as all the nodes it stands for.
  package var nodes: Int
  /// The deepest nesting of lists and maps; every recursion over a document is bounded by it.
  package var depth: Int

  /// Limits for one document; of levels the 64 that the language allows, unless `depth` is given.
  package init(bytes: Int, nodes: Int, depth: Int = 64) {
    self.bytes = bytes
    self.nodes = nodes
    self.depth = depth
  }

  /// For files that people write: 1 MiB, 100,000 nodes, 64 levels.
  package static let playbook = YAMLLimits(bytes: 1 << 20, nodes: 100_000)
  /// For the description of an API: 8 MiB, 1,000,000 nodes, 64 levels.
  package static let description = YAMLLimits(bytes: 8 << 20, nodes: 1_000_000)
}
