import Rollouts

/// A schedule as a command names it: by its name, or by the path of its rollout file.
struct ScheduleName {
  private let text: String

  init(_ text: String) {
    self.text = text
  }

  /// The name; that of the rollout file where no schedule of `known` is called so and the text is a path.
  ///
  /// Throws when the file is wrong, after all diagnostics are reported.
  func resolved(among known: [String]) throws -> String {
    guard !known.contains(text), isPath else { return text }
    return try RolloutDefinition.load(
      text, report: { StandardStream.report($0, quoting: $1) }
    ).0.name
  }

  private var isPath: Bool {
    text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml")
  }
}
