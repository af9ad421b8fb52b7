package import Diagnostics
package import Events
package import OrderedCollections
package import Playbooks

/// Why tenants did not succeed: which failure, how many and which tenants, the same causes grouped.
///
/// Two tenants have the same cause when they are in the same state, and their failures have the same class,
/// operation, status and message, apart from ids, numbers and quoted values in it.
///
///     var table = ReasonTable()
///     for row in rows { table.add(row) }
///     for entry in table.entries { print(entry.count, entry.message) }
package struct ReasonTable: Sendable, Hashable {
  /// What tenants have in common.
  struct Cause: Sendable, Hashable {
    var state: TenantState
    var kind: FailureClass?
    var operation: String?
    var status: Int?
    var pattern: ReasonPattern
  }

  /// One cause, with the tenants that have it.
  package struct Entry: Sendable, Hashable {
    /// How the tenants stand.
    package let state: TenantState
    /// The class of their failures; nil where they have none.
    package let kind: FailureClass?
    /// The operation or local action that failed.
    package let operation: String?
    /// The HTTP status, when an answer was the cause.
    package let status: Int?
    /// What is said of each of them; what differs in it is `…`.
    package internal(set) var message: String
    /// What to do about it, of the first of them; nil where that is not known.
    package let hint: String?
    /// Whether others of them have another hint.
    package internal(set) var hasOtherHints = false
    /// The step that failed, of the first of them.
    package let step: StepPath?
    /// The place of that step in its file.
    package let location: SourceLocation?
    /// Whether others of them failed at other steps.
    package internal(set) var hasOtherSteps = false
    /// The names of the tenants, in the order they ended.
    package internal(set) var tenants: OrderedSet<String> = []

    /// How many tenants there are.
    package var count: Int { tenants.count }

    fileprivate mutating func add(
      _ tenant: String, _ message: String, _ pattern: ReasonPattern, hint: String?,
      at step: StepPath?
    ) {
      if self.message != message { self.message = pattern.text }
      if self.hint != hint { hasOtherHints = true }
      if self.step != step { hasOtherSteps = true }
      tenants.append(tenant)
    }
  }

  private var groups: OrderedDictionary<Cause, Entry> = [:]
  private var causes: [String: Cause] = [:]

  /// A table without tenants.
  package init() {}

  /// How many tenants are in it.
  package var tenantCount: Int { causes.count }

  /// Whether no tenant is in it.
  package var isEmpty: Bool { causes.isEmpty }

  /// The causes, the most frequent first, otherwise in the order they occurred first.
  package var entries: [Entry] {
    groups.values.enumerated().sorted { left, right in
      left.element.count == right.element.count
        ? left.offset < right.offset : left.element.count > right.element.count
    }.map(\.element)
  }

  /// Adds a tenant that did not succeed, in place of what was said of it before; others are taken out.
  package mutating func add(_ row: TenantRow) {
    guard row.state.needsAttention, let message = row.reason else {
      return remove(tenant: row.name)
    }
    add(
      row.name, row.state, message, hint: row.hint, row.refusal == nil ? row.failure : nil,
      at: row.failedStep)
  }

  /// Adds a tenant in `state` because of `message`, in place of what was said of it before.
  mutating func add(
    _ tenant: String, _ state: TenantState, _ message: String, hint: String?, _ failure: Failure?,
    at step: StepPath?
  ) {
    remove(tenant: tenant)
    let pattern = ReasonPattern(message, of: tenant)
    let cause = Cause(
      state: state, kind: failure?.kind, operation: failure?.operation, status: failure?.status,
      pattern: pattern)
    causes[tenant] = cause
    let first = Entry(
      state: state, kind: cause.kind, operation: cause.operation, status: cause.status,
      message: message, hint: hint, step: step, location: failure?.location)
    groups[cause, default: first].add(tenant, message, pattern, hint: hint, at: step)
  }

  /// Takes a tenant out, because it runs again.
  package mutating func remove(tenant: String) {
    guard let cause = causes.removeValue(forKey: tenant) else { return }
    groups[cause]?.tenants.remove(tenant)
    if groups[cause]?.tenants.isEmpty ?? false { groups[cause] = nil }
  }
}
