import ArgumentParser
import Events
import Expressions
import FoundationEssentials
import Journaling
import Reporting

struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve or reject a step that waits for a decision.",
    discussion: """
      STEP is the step's path as `privirun show RUN` prints it, or its id where no other waiting step \
      has that id; it may be left out where only one step waits. Every field of the step must be \
      given, secret ones as NAME=env:VARIABLE or NAME=file:PATH. The process that drives the run \
      reacts within a second; if there is none, resume the run.

        privirun approve latest release --field ticket=OPS-17
        privirun approve 7k2 release --reject --reason "not on a Friday"
      """)

  @Argument(
    help: "The run's id, a unique prefix of it, or latest.",
    completion: .custom(ShellCompletion.runs))
  var run: String

  @Argument(help: "The path of the step.")
  var step: String?

  @Option(
    name: .customLong("field"),
    help: ArgumentHelp("A field of the step; may be repeated.", valueName: "name=value"))
  var fields: [String] = []

  @Flag(help: "Reject the step, which then fails.")
  var reject = false

  @Option(help: "The reason for the rejection; it is recorded with the failure of the step.")
  var reason: String?

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions

  func validate() throws {
    guard reject || reason == nil else { throw ValidationError("--reason goes with --reject") }
    guard !reject || fields.isEmpty else {
      throw ValidationError("--field does not go with --reject")
    }
  }

  func run() async throws {
    let options = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let (journal, summary) = try options.unfinished(run)
    let record = try options.translated { () throws(JournalError) in
      try journal.reader.record(of: summary.run)
    }
    let tree = RunTree(record.events)
    let (path, request) = try waitingStep(
      in: tree, of: summary.run, options.commands(for: summary.run))
    let verdict: ApprovalDecision.Verdict =
      reject ? .rejected(reason: reason?.isEmpty ?? true ? nil : reason) : .approved
    let values = reject ? ValueMap() : try FieldReading(request.fields).values(of: fields)
    let now = try WallClock().now()
    if let deadline = request.deadline, now > deadline {
      throw CommandFailure(
        .invalid, "the time for a decision on `\(path)` of run \(summary.run) is up",
        hint: "the step ends as soon as the run is driven: "
          + "`\(options.commands(for: summary.run).resume)`")
    }
    let decision = ApprovalDecision(verdict, fields: values, by: CurrentUser.name, at: now)
    try await options.post(
      RunRequest(run: summary.run, .decide(path, decision)), in: journal,
      done: "\(reject ? "rejection" : "approval") of `\(path)` requested")
  }

  private func waitingStep(
    in tree: RunTree, of run: RunID, _ commands: RunCommands
  ) throws -> (StepPath, ApprovalRequest) {
    let waiting = tree.awaitedDecisions
    let names = waiting.map { "`\($0.step)`" }.joined(separator: ", ")
    guard !waiting.isEmpty else {
      throw CommandFailure(
        .invalid, "run \(run) waits for no decision",
        hint: "`\(commands.show)` shows where it stands")
    }
    guard let step else {
      guard waiting.count == 1 else {
        throw CommandFailure(
          .invalid, "run \(run) waits for \(waiting.count) decisions", hint: "name one: \(names)")
      }
      return waiting[0]
    }
    if let found = waiting.first(where: { "\($0.step)" == step }) { return found }
    let named = waiting.filter { $0.step.components.last == .step(step) }
    guard named.count == 1 else {
      throw CommandFailure(
        .invalid,
        named.isEmpty
          ? "no step `\(step)` of run \(run) waits for a decision"
          : "`\(step)` may be one of several steps that wait for a decision",
        hint: "these do: \(names)")
    }
    return named[0]
  }
}
