/// The names an expression may use, with their types.
///
/// A value; extending a copy leaves the first.
package struct TypeEnvironment: Sendable, Hashable {
  private var variables: [String: StaticType]
  /// Whether any name has a dot in it.
  private(set) var hasQualifiedNames: Bool

  /// An environment of exactly these variables; a name may have dots in it (`a.b`).
  package init(_ variables: [String: StaticType] = [:]) {
    self.variables = variables
    hasQualifiedNames = variables.keys.contains { $0.contains(".") }
  }

  /// The type of the variable `name`, or nil when there is none.
  package subscript(name: String) -> StaticType? {
    get { variables[name] }
    set {
      variables[name] = newValue
      hasQualifiedNames = hasQualifiedNames || name.contains(".")
    }
  }

  /// Every name, sorted.
  package var names: [String] { variables.keys.sorted() }

  /// This and one more name, which hides an equal one.
  package func adding(_ name: String, _ type: StaticType) -> TypeEnvironment {
    var copy = self
    copy[name] = type
    return copy
  }
}

extension TypeEnvironment: ExpressibleByDictionaryLiteral {
  /// An environment of the variables as written; of a repeated name the last type counts.
  package init(dictionaryLiteral elements: (String, StaticType)...) {
    self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
}
