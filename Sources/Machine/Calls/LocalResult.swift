package import Events
package import Expressions

/// What a local action produced.
package struct LocalResult: Sendable, Hashable {
  /// The fields of `LocalAction.answer`.
  package var fields: ValueMap
  /// What it did to files of this machine; nil for one that only read.
  package var change: StateChange?
  /// The files that a dry run would write; a run reports none.
  package var plannedFiles: PlannedFiles
  /// What a person should know about it, in one sentence without a full stop; it holds no secret.
  package var notice: String?

  /// A result with these fields; `change` is of this machine, and `notice` holds no secret.
  package init(
    _ fields: ValueMap, change: StateChange? = nil, plannedFiles: PlannedFiles = PlannedFiles(),
    notice: String? = nil
  ) {
    self.fields = fields
    self.change = change
    self.plannedFiles = plannedFiles
    self.notice = notice
  }
}
