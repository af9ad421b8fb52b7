/// How much work one evaluation may do.
package struct EvaluationLimits: Sendable, Hashable {
  /// One step for each node evaluated and each element made or compared, and one for each 64 bytes
  /// of text made or read.
  package var steps: Int

  /// A limit of `steps` for one expression; the default allows some 64 MB of text.
  package init(steps: Int = 1_000_000) {
    self.steps = steps
  }
}
