/// The values an expression's names stand for.
///
/// A value; extending a copy leaves the first.
package struct Bindings: Sendable, Hashable {
  private var variables: [String: Value]
  /// Whether any name has a dot in it.
  private(set) var hasQualifiedNames: Bool
  /// The time zones that have names; nil when none has.
  let zones: NamedZones?

  /// Bindings of exactly these variables; a name may have dots in it (`a.b`).
  package init(_ variables: [String: Value] = [:]) {
    self.init(variables, zones: nil)
  }

  /// The same where expressions know `zones` by name.
  package init(_ variables: [String: Value] = [:], zones: NamedZones?) {
    self.variables = variables
    self.zones = zones
    hasQualifiedNames = variables.keys.contains(where: \.isQualified)
  }

  /// The value of the variable `name`, or nil when there is none.
  package subscript(name: String) -> Value? {
    get { variables[name] }
    set {
      variables[name] = newValue
      hasQualifiedNames = hasQualifiedNames || name.isQualified
    }
  }

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
  /// Bindings of the variables as written; of a repeated name the last value counts.
  package init(dictionaryLiteral elements: (String, Value)...) {
    self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
}

extension String {
  /// Whether it has a dot; looked at by bytes, as every evaluation asks for it.
  fileprivate var isQualified: Bool { utf8.contains(UInt8(ascii: ".")) }
}
