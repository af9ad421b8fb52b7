package import OrderedCollections

package struct LoadedPlaybooks: Sendable, Hashable {
  package var root: String
  package var playbooks: OrderedDictionary<String, Playbook>
  package var rootPlaybook: Playbook
  package var canonicalText: String
  package func playbook(at path: String, namedBy file: String) -> Playbook? { nil }
}
