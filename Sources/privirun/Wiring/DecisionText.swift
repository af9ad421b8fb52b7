import Events

/// What is printed about decisions that a run waits for.
enum DecisionText {
  static func waiting(for paths: [StepPath], in start: RunStart) -> String {
    let run = start.run
    let steps = paths.map { "`\($0)`" }.joined(separator: ", ")
    let commands = paths.map { "privirun approve \(run) '\($0)'" }.joined(separator: "; ")
    if start.service?.isOwnSandbox ?? false {
      return "privirun: run \(run) waits for a decision on \(steps)\n"
        + "  hint: its sandbox ends with this process, so that the run cannot be continued: start "
        + "`privirun sandbox` in a process of its own for that\n"
    }
    return "privirun: run \(run) waits for a decision on \(steps)\n"
      + "  hint: \(commands), then `privirun resume \(run)`\n"
  }
}
