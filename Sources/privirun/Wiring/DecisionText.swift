import Events
import Reporting

/// What is printed about decisions that a run waits for.
enum DecisionText {
  static func waiting(
    for decisions: [(step: StepPath, fields: [ApprovalField])], in start: RunStart,
    _ commands: RunCommands
  ) -> String {
    let steps = decisions.map { "`\($0.step)`" }.joined(separator: ", ")
    let head = "privirun: run \(start.run) waits for a decision on \(steps)\n  hint: "
    if start.service?.isOwnSandbox ?? false {
      return head
        + "its sandbox ends with this process, so that the run cannot be continued: start "
        + "`privirun sandbox` in a process of its own for that\n"
    }
    let approvals = decisions.map { "`\(commands.approve($0.step, $0.fields))`" }
    return head + approvals.joined(separator: ", ") + ", then `\(commands.resume)`\n"
  }
}
