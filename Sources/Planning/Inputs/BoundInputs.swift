package import Diagnostics
package import Expressions

/// The values of a playbook's inputs, and what deserves a look in how they were given.
package struct BoundInputs: Sendable, Hashable {
  /// The value of every declared input, in the order they are declared.
  package var values: ValueMap
  package var warnings: [Diagnostic]

  package init(values: ValueMap, warnings: [Diagnostic] = []) {
    self.values = values
    self.warnings = warnings
  }
}
