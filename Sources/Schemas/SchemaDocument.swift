package import Expressions
package import Operations
import Playbooks

/// A JSON Schema (2020-12) of a kind of file that people write.
package struct SchemaDocument: Sendable {
  /// The schema as JSON, its members in the order in which they are printed.
  package let value: Value

  /// The kinds of files that have a schema.
  package enum Kind: String, Sendable, CaseIterable {
    case playbook
    case inputs
    case rollout
  }

  /// The schema of the files of one kind; the calls of a playbook are those of `api`.
  package init(_ kind: Kind, api: APIDescription) {
    switch kind {
    case .playbook: value = PlaybookSchema(api: api).document
    case .inputs: value = InputsSchema.document
    case .rollout: value = RolloutSchema.document
    }
  }

  init(_ value: Value) { self.value = value }

  /// The schema as a file, which ends with a line break.
  package var text: String { SchemaText.document(value) }

  /// The name of the schema's file under `schemas`.
  package static func fileName(of kind: Kind) -> String { "\(kind.rawValue).schema.json" }
}
