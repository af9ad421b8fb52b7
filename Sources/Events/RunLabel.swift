package import Planning

/// What people call a run by and find it again with, such as `tenant=acme`.
package struct RunLabel: Sendable, Hashable {
  /// The name, which `LabelName` describes.
  package var name: String
  /// The value, at most 100 characters; never a secret.
  package var value: String

  /// A label; the form of its name is checked where it is read, not here.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

extension RunLabel: CustomStringConvertible {
  /// `NAME=VALUE`, as the command line takes it.
  package var description: String { "\(name)=\(value)" }
}

extension Plan {
  /// The labels that the playbook gives its runs.
  package var runLabels: [RunLabel] {
    labels.map { RunLabel(name: $0.key, value: $0.value) }
  }
}
