package import Diagnostics
package import Expressions

/// One value under `let`, evaluated once when its step or playbook begins.
package struct LocalValue: Sendable, Hashable {
  /// The value; its expressions can use what is known at its step, and the names before it.
  package var value: Template
  /// Where its name stands.
  package var location: SourceLocation

  /// A value whose name stands at `location`.
  package init(value: Template, location: SourceLocation) {
    self.value = value
    self.location = location
  }
}
