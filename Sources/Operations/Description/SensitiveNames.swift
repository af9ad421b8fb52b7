/// Names under which answers hold secrets; case, dashes and underscores make no difference.
package struct SensitiveNames: Sendable, Hashable {
  private var folded: Set<String>

  package init(_ names: some Sequence<String>) {
    folded = Set(names.map(Self.fold))
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

  private static func fold(_ name: String) -> String {
    name.lowercased().filter { $0 != "-" && $0 != "_" }
  }
}
