package import Diagnostics

/// A value and the place it was written.
package struct Located<Value: Sendable & Hashable>: Sendable, Hashable {
  /// What was written, already read as its type.
  package var value: Value
  /// Where the value stands; for a scalar where its text begins.
  package var location: SourceLocation

  /// A value written at `location`.
  package init(_ value: Value, at location: SourceLocation) {
    self.value = value
    self.location = location
  }
}
