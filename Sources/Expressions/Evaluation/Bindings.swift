/// The values an expression's names stand for.
///
/// A value; extending a copy leaves the first.
package struct Bindings: Sendable, Hashable {
  private var variables: [String: Value]

  package init(_ variables: [String: Value] = [:]) {
    self.variables = variables
  }

  /// The value of the variable `name`, or nil when there is none.
  package subscript(name: String) -> Value? {
    get { variables[name] }
    set { variables[name] = newValue }
  }

  /// Whether any name has a dot in it.
  var hasQualifiedNames: Bool { variables.keys.contains { $0.utf8.contains(UInt8(ascii: ".")) } }

  /// Every name, sorted.
  package var names: [String] { variables.keys.sorted() }

  /// This and one more name, which hides an equal one.
  package func adding(_ name: String, _ value: Value) -> Bindings {
    var copy = self
    copy[name] = value
    return copy
  }
}

extension Bindings: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, Value)...) {
    variables = Dictionary(elements, uniquingKeysWith: { $1 })
  }
}
