package import Diagnostics
package import Expressions

/// The values of a playbook's inputs, and what deserves a look in how they were given.
package struct BoundInputs: Sendable, Hashable {
  /// The value of every declared input, in the order they are declared.
  package var values: ValueMap
  /// Where each value came from, by name.
  package var origins: [String: InputOrigin]
  /// What may be a mistake and stops nothing, such as a line break at the end of a secret.
  package var warnings: [Diagnostic]

  /// Bound inputs; `values` must have a value for every declared input.
  package init(
    values: ValueMap, origins: [String: InputOrigin] = [:], warnings: [Diagnostic] = []
  ) {
    self.values = values
    self.origins = origins
    self.warnings = warnings
  }
}
