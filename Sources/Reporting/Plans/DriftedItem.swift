package import Events
package import Operations

/// A thing that is not as the last successful run left it.
package struct DriftedItem: Sendable, Hashable {
  /// What happened to it since.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// It is there, and was not.
    case added
    /// Its fields differ, or there is another one of its kind.
    case changed
    /// It was there, and is not.
    case removed
  }

  /// The step that left it, in that run.
  package var path: StepPath
  /// What a person calls the step.
  package var title: String
  /// The operation that the step called.
  package var operation: String
  /// What happened to it since.
  package var kind: Kind
  /// What differs, field by field: `asked` is what the run left, `found` is what is there.
  package var differences: [Lookup.Difference]
  /// What else a person should know; a phrase without a full stop.
  package var reason: String?

  /// A thing that `path` left.
  package init(
    path: StepPath, title: String, operation: String, kind: Kind,
    differences: [Lookup.Difference] = [], reason: String? = nil
  ) {
    self.path = path
    self.title = title
    self.operation = operation
    self.kind = kind
    self.differences = differences
    self.reason = reason
  }
}

extension DriftedItem.Kind {
  /// The sign of what was done to it.
  var sign: PlanSign {
    switch self {
    case .added: .create
    case .changed: .change
    case .removed: .remove
    }
  }
}

extension DriftedItem {
  /// Such as `timeLimit: 40 → 60`, what was left before what is there; secrets are never shown.
  func text(of difference: Lookup.Difference, _ style: TerminalStyle, limit: Int?) -> String {
    Lookup.Difference(
      field: difference.field, asked: difference.found, found: difference.asked
    ).planText(style, limit: limit, stays: false)
  }
}
