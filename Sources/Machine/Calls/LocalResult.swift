package import Expressions

/// What a local action produced.
package struct LocalResult: Sendable, Hashable {
  /// The fields of `LocalAction.answer`.
  package var fields: ValueMap
  /// What a person should know about it, in one sentence without a full stop; it holds no secret.
  package var notice: String?

  /// A result with these fields; `notice` holds no secret.
  package init(_ fields: ValueMap, notice: String? = nil) {
    self.fields = fields
    self.notice = notice
  }
}
