package import Diagnostics
package import Expressions

/// What is locked for a tenant, so that no other run acts on the same: templates over `tenant`.
package struct TenantLocks: Sendable, Hashable {
  /// One template for each key, at least one.
  package var keys: [Template]

  /// The longest key, in characters.
  package static let longestKey = 200
  /// The most keys of one tenant.
  package static let mostKeys = 10

  /// Locks of these keys.
  package init(_ keys: [Template]) {
    self.keys = keys
  }

  /// The default: the tenant's name.
  package static let tenant = TenantLocks(writtenIn: "${{ tenant.name }}")

  /// The keys of `tenant`, each once.
  ///
  /// Throws when a key has no value, or one that cannot be a key.
  package func keys(of tenant: TenantFacts) throws(InvalidInput) -> [String] {
    var found: [String] = []
    var diagnostics = DiagnosticList()
    for template in keys {
      do throws(EvaluationError) {
        let key = try Self.key(template, tenant)
        if !found.contains(key) { found.append(key) }
      } catch {
        diagnostics.add(
          Diagnostic(
            .evaluationFailed, "the lock of the tenant `\(tenant.name)`: \(error.message)",
            at: error.location, hint: error.hint))
      }
    }
    guard diagnostics.isEmpty else { throw InvalidInput(diagnostics.elements) }
    return found
  }

  private static func key(
    _ template: Template, _ tenant: TenantFacts
  ) throws(EvaluationError) -> String {
    let value = try template.evaluate(with: tenant.bindings)
    let text: String
    switch value {
    case .string(let string): text = string
    case .int, .uint, .bool: text = value.displayText
    case .null, .double, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown:
      throw EvaluationError(
        "a key must be a string, not \(StaticType(of: value))", at: template.location,
        hint: "convert it with `string(…)`")
    }
    guard !text.isEmpty else {
      throw EvaluationError("a key must not be empty", at: template.location)
    }
    guard text.count <= longestKey else {
      throw EvaluationError(
        "a key must not be longer than \(longestKey) characters", at: template.location)
    }
    return text
  }
}

extension TenantLocks {
  /// One key, which is no part of a file.
  private init(writtenIn text: String) {
    let template = try? Template.parse(text, literal: .null) { offset in
      SourceLocation(file: "lock", line: 1, column: offset + 1)
    }
    self.init([template].compactMap(\.self))
  }
}
