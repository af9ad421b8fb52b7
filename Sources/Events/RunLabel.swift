package import Planning

/// What people call a run by and find it again with, such as `tenant=acme`.
package struct RunLabel: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

extension RunLabel: CustomStringConvertible {
  package var description: String { "\(name)=\(value)" }
}

extension Plan {
  /// The labels that the playbook gives its runs.
  package var runLabels: [RunLabel] {
    labels.map { RunLabel(name: $0.key, value: $0.value) }
  }
}
