/// The names an expression may use, with their types.
///
/// A value; extending a copy leaves the first.
package struct TypeEnvironment: Sendable, Hashable {
  private var variables: [String: StaticType]

  package init(_ variables: [String: StaticType] = [:]) {
    self.variables = variables
  }

  /// The type of the variable `name`, or nil when there is none.
  package subscript(name: String) -> StaticType? {
    get { variables[name] }
    set { variables[name] = newValue }
  }

  /// Whether any name has a dot in it.
  var hasQualifiedNames: Bool { variables.keys.contains { $0.utf8.contains(UInt8(ascii: ".")) } }

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
  package init(dictionaryLiteral elements: (String, StaticType)...) {
    variables = Dictionary(elements, uniquingKeysWith: { $1 })
  }
}
