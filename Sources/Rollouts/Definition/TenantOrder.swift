package import Expressions

/// The order in which the selected tenants start.
package enum TenantOrder: Sendable, Hashable {
  /// As in the tenants file.
  case file
  /// By name, compared by Unicode scalars.
  case name
  /// As the rollout's seed decides.
  case random
  /// By the value of an expression over `tenant`, the lowest first; equals as in the tenants file.
  case key(Expression)

  /// The orders that are named by a word.
  static let words: [(word: String, order: TenantOrder)] = [
    ("file", .file), ("name", .name), ("random", .random),
  ]

  /// The order as a rollout file writes it.
  package var text: String {
    if case .key(let expression) = self { return expression.marked }
    return Self.words.first { $0.order == self }?.word ?? ""
  }
}
