/// Which nodes wait for what the service names by an id; one id can be awaited by several.
struct Waiters: Sendable {
  private var nodes: [String: [NodeID]] = [:]

  /// The ids that are waited for.
  var ids: [String] { Array(nodes.keys) }

  /// Everybody who waits, in the order they began as nodes.
  var all: [NodeID] { Set(nodes.values.joined()).sorted { $0.number < $1.number } }

  var isEmpty: Bool { nodes.isEmpty }

  /// Who waits for `id`, in the order they came.
  subscript(id: String) -> [NodeID] { nodes[id] ?? [] }

  mutating func add(_ node: NodeID, to id: String) {
    guard !self[id].contains(node) else { return }
    nodes[id, default: []].append(node)
  }

  mutating func remove(_ node: NodeID, from id: String) {
    nodes[id]?.removeAll { $0 == node }
    if nodes[id]?.isEmpty ?? false { nodes[id] = nil }
  }
}
