package import Diagnostics
import Expressions
import Playbooks

/// Goes through the tenants of a file once, and says of each whether it is selected.
package struct TenantSelector: Sendable {
  private var only: PatternUse?
  private var exclude: PatternUse?
  private var diagnostics = DiagnosticList()
  /// How many tenants were seen.
  package private(set) var seen = 0
  /// How many of them are selected.
  package private(set) var selected = 0

  /// A selector that has seen no tenant.
  package init(_ selection: TenantSelection) {
    only = selection.only.map { PatternUse($0, key: .only) }
    exclude = selection.exclude.map { PatternUse($0, key: .exclude) }
  }

  /// Whether `tenant` is selected; no when a condition has no value for it, which is noted.
  package mutating func selects(_ tenant: TenantFacts) -> Bool {
    seen += 1
    let errors = diagnostics.errorCount
    // Both are looked at, so that a name in either counts as found.
    let isIncluded = Self.matches(&only, tenant, &diagnostics) ?? true
    let isExcluded = Self.matches(&exclude, tenant, &diagnostics) ?? false
    guard isIncluded, !isExcluded, diagnostics.errorCount == errors else { return false }
    selected += 1
    return true
  }

  /// Nil without a pattern, and when its condition has no value.
  private static func matches(
    _ use: inout PatternUse?, _ tenant: TenantFacts, _ diagnostics: inout DiagnosticList
  ) -> Bool? {
    do throws(EvaluationError) {
      return try use?.matches(tenant)
    } catch {
      diagnostics.add(
        Diagnostic(
          .evaluationFailed,
          "the condition of the tenant `\(tenant.name)` has no value: \(error.message)",
          at: error.location, hint: error.hint))
      return nil
    }
  }

  /// Ends the selection with warnings about names that match no tenant.
  ///
  /// Throws when a condition had no value for some tenant, and when no tenant is selected.
  package func finish() throws(InvalidInput) -> [Diagnostic] {
    var diagnostics = diagnostics
    for use in [only, exclude] { diagnostics.add(use?.warnings ?? []) }
    if !diagnostics.hasErrors, selected == 0 {
      diagnostics.add(
        Diagnostic(
          .noTenants,
          seen == 0
            ? "the tenants file has no tenants"
            : "none of the \(seen) \(seen == 1 ? "tenant" : "tenants") is selected", at: nil,
          hint: seen == 0 ? nil : "check `only` and `exclude`"))
    }
    guard !diagnostics.hasErrors else { throw InvalidInput(diagnostics.elements) }
    return diagnostics.elements
  }
}

/// A pattern, and which of its names matched some tenant.
private struct PatternUse: Sendable {
  private let pattern: TenantPattern
  private let key: RolloutKey
  private var isFound: [Bool]

  init(_ pattern: TenantPattern, key: RolloutKey) {
    self.pattern = pattern
    self.key = key
    isFound = Array(repeating: false, count: pattern.names.count)
  }

  mutating func matches(_ tenant: TenantFacts) throws(EvaluationError) -> Bool {
    var isNamed = pattern.names.isEmpty
    for (index, name) in pattern.names.enumerated() where name.value.matches(tenant.name) {
      isFound[index] = true
      isNamed = true
    }
    guard isNamed, pattern.matchesLabels(of: tenant) else { return false }
    return try pattern.matchesCondition(tenant)
  }

  /// A name that matches nothing may be misspelt; of `exclude`, a tenant is then not excluded.
  var warnings: [Diagnostic] {
    zip(pattern.names, isFound).compactMap { name, isFound in
      guard !isFound else { return nil }
      let what = name.value.isLiteral ? "no tenant is called" : "no tenant matches"
      return Diagnostic(
        .unmatchedName, "\(what) `\(name.value.text)`, which `\(key.rawValue)` names",
        at: name.location, severity: .warning)
    }
  }
}
