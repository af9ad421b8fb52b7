import Expressions
import OrderedCollections

/// Names under which answers hold secrets; case, dashes and underscores make no difference.
package struct SensitiveNames: Sendable, Hashable {
  private var folded: Set<String>

  /// The given names, kept without case, dashes and underscores.
  package init(_ names: some Sequence<String>) {
    folded = Set(names.map(Self.fold))
  }

  /// The names that are among each of `all`.
  init(commonTo all: [SensitiveNames]) {
    let first = all.first?.folded ?? []
    folded = all.dropFirst().reduce(into: first) { $0.formIntersection($1.folded) }
  }

  /// Whether what stands under `name` must not be shown.
  package func contains(_ name: String) -> Bool {
    folded.contains(Self.fold(name))
  }

  /// These names and those of `other`.
  package func union(_ other: SensitiveNames) -> SensitiveNames {
    var result = self
    result.folded.formUnion(other.folded)
    return result
  }

  /// These names without those of `other`.
  func subtracting(_ other: SensitiveNames) -> SensitiveNames {
    var result = self
    result.folded.subtract(other.folded)
    return result
  }

  /// `value` with what stands under these names, at any depth, made secret.
  func hiding(in value: Value) -> Value {
    switch value {
    case .map(let map):
      let members = map.entries.map { key, element in
        (key, contains(key.plainText ?? "") ? element.hidden : hiding(in: element))
      }
      return .map(ValueMap(OrderedDictionary(members, uniquingKeysWith: { $1 })))
    case .list(let elements): return .list(elements.map { hiding(in: $0) })
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      return value
    }
  }

  private static func fold(_ name: String) -> String {
    name.lowercased().filter { $0 != "-" && $0 != "_" }
  }
}

extension SensitiveNames: CompiledForm {
  func write(to form: inout CompiledWriter) { folded.write(to: &form) }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    folded = try Set(from: &form)
  }
}
