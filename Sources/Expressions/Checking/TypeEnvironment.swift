import Diagnostics

/// The names an expression may use, with their types.
///
/// A value; extending a copy leaves the first.
package struct TypeEnvironment: Sendable, Hashable {
  private var variables: [String: StaticType]
  /// Whether any name has a dot in it.
  private(set) var hasQualifiedNames: Bool
  /// The words that attributes of these names may be; any other attribute may be anything of its type.
  package var words: [String: Words] = [:]
  /// The time zones that have names; nil when none has.
  package var zones: NamedZones?

  /// What an attribute may be, and what people write for it.
  package struct Words: Sendable, Hashable {
    /// Every word that it may be.
    package let known: [String]
    private let others: [String: String]

    /// The `known` words; `others` are those of other tools, with what they mean here.
    package init(_ known: [String], others: [String: String]) {
      self.known = known
      self.others = others
    }

    /// The word that is meant by one that is not known.
    package func meant(by word: String) -> String? {
      others[word.lowercased()] ?? nearestName(to: word, among: known)
    }
  }

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
