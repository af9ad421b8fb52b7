package import Events

/// A thing that the last successful run left, and of which the plan does not show whether it is still so.
package struct UncomparedItem: Sendable, Hashable {
  /// The step that left it, in that run.
  package var path: StepPath
  /// What a person calls the step.
  package var title: String
  /// The operation that the step called.
  package var operation: String
  /// Why it was not compared; a phrase without a full stop.
  package var reason: String

  /// A thing that `path` left.
  package init(path: StepPath, title: String, operation: String, reason: String) {
    self.path = path
    self.title = title
    self.operation = operation
    self.reason = reason
  }
}
