import Events

/// What is printed about decisions that a run waits for.
enum DecisionText {
  static func waiting(for paths: [StepPath], in run: RunID) -> String {
    let steps = paths.map { "`\($0)`" }.joined(separator: ", ")
    let commands = paths.map { "privirun approve \(run) '\($0)'" }.joined(separator: "; ")
    return "privirun: run \(run) waits for a decision on \(steps)\n"
      + "  hint: \(commands), then `privirun resume \(run)`\n"
  }
}
