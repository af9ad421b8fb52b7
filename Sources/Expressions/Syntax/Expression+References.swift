package import Diagnostics

extension Expression {
  /// The variables the expression uses, names bound by its macros and names of types left out.
  package var referencedNames: Set<String> { [] }

  /// A use of a variable with the fields that are named after it: `steps.upload.token`.
  package struct Reference: Sendable, Hashable {
    package var variable: String
    /// The fields, as far as they are written out.
    package var path: [String]
    /// The whole of it.
    package var location: SourceLocation
  }

  /// Every use of `variable`, in the order they are written.
  package func references(to variable: String) -> [Reference] { [] }
}
