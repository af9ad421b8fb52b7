import Rollouts

/// A schedule as a command names it: by its name, or by the path of its rollout file.
struct ScheduleName {
  private let text: String

  init(_ text: String) {
    self.text = text
  }

  /// The name; that of the rollout file where no schedule of `known` is called so and the text is a path.
  ///
  /// Throws when the file is wrong, after all diagnostics are reported, and when a file that was never served
  /// has no schedule.
  func resolved(among known: [String]) throws -> String {
    guard !known.contains(text), isPath else { return text }
    let definition = try RolloutDefinition.load(
      text, report: { StandardStream.report($0, quoting: $1) }
    ).0
    guard definition.schedule != nil || known.contains(definition.name) else {
      throw CommandFailure.noSchedule(in: text)
    }
    return definition.name
  }

  private var isPath: Bool {
    text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml")
  }
}

extension CommandFailure {
  /// The rollout file at `path` has no schedule.
  static func noSchedule(in path: String) -> CommandFailure {
    CommandFailure(
      .invalid, "the rollout file `\(path)` has no schedule",
      hint: "add one, such as `schedule: { cron: \"0 3 * * MON\", timezone: Europe/Stockholm }`")
  }
}
