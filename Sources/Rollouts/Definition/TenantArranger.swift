package import Diagnostics
import Expressions
import Randomness

/// Puts tenants, which are added one by one, in the order in which they start.
///
/// Keeps of each only what the order depends on.
package struct TenantArranger: Sendable {
  private let order: TenantOrder
  private let seed: UInt64
  private var count = 0
  private var names: [String] = []
  private var keys: [Value] = []
  private var diagnostics = DiagnosticList()

  /// An arranger of no tenants yet; `seed` decides a random order.
  package init(_ order: TenantOrder, seed: UInt64) {
    self.order = order
    self.seed = seed
  }

  /// Adds the next selected tenant of the tenants file.
  package mutating func add(_ tenant: TenantFacts) {
    count += 1
    switch order {
    case .file, .random: break
    case .name: names.append(tenant.name)
    case .key(let expression): addKey(of: tenant, expression)
    }
  }

  private mutating func addKey(of tenant: TenantFacts, _ expression: Expression) {
    do throws(EvaluationError) {
      let key = try expression.evaluate(with: tenant.bindings)
      keys.append(key)
      // Every value that has an order to the first has one to all others.
      guard key.precedes(keys.first ?? key) == nil else { return }
      note(
        "the order of the tenant `\(tenant.name)` is \(key.displayText), which cannot be sorted",
        at: expression, hint: "the values must all be numbers, all strings or all of another type")
    } catch {
      keys.append(.null)
      note(
        "the order of the tenant `\(tenant.name)` has no value: \(error.message)", at: expression,
        hint: error.hint)
    }
  }

  private mutating func note(_ message: String, at expression: Expression, hint: String?) {
    diagnostics.add(
      Diagnostic(.evaluationFailed, message, at: expression.location, hint: hint))
  }

  /// The positions of the added tenants, counted from 0, in the order in which they start.
  ///
  /// Throws when the key of some tenant has no value, or none that has an order to the others.
  package func finish() throws(InvalidInput) -> [Int] {
    guard !diagnostics.hasErrors else { throw InvalidInput(diagnostics.elements) }
    switch order {
    case .file: return Array(0..<count)
    case .random:
      var generator = SplitMix(seed: seed)
      return (0..<count).shuffled(using: &generator)
    case .name:
      let names = names
      return Self.sorted(count) { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    case .key:
      let keys = keys
      return Self.sorted(count) { keys[$0].precedes(keys[$1]) ?? false }
    }
  }

  /// The positions by `precedes`; equals stay as they were.
  private static func sorted(_ count: Int, by precedes: (Int, Int) -> Bool) -> [Int] {
    (0..<count).sorted { precedes($0, $1) || (!precedes($1, $0) && $0 < $1) }
  }
}
