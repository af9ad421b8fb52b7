import ArgumentParser
import Events
import FoundationEssentials
import Journaling
import Reporting

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare two runs: what they did, and how they ended.",
    discussion: """
      Compares the playbook, the service, labels, inputs, steps, results, outputs and the end of two \
      runs. With one RUN, compares it with the run of the same playbook that started before it. RUN \
      is a run's id, any unique prefix of it, or `latest`.

        privirun diff latest
        privirun diff 7k2 latest --no-values
        privirun diff 7k2 9qd --output json --exit-code

      ~ is a step that differs, - one that only the first run has, + one that only the second run \
      has. Steps correspond by their ids, steps without an id by what they call, and rounds of a \
      loop by their elements, so that a playbook may have changed between the runs. Secrets are \
      compared and never shown.

      Times, identifiers and instants that are new in each run are no difference. A time is marked \
      slower or faster when it differs by half a second or more, and the longer one is at least half \
      as long again as the shorter one.

      The exit code is 0, whether or not the runs differ; with --exit-code, it is 6 when they differ.
      """)

  @Argument(
    help: "The first run; or the second one, to be compared with the run before it.",
    completion: .custom(ShellCompletion.runs))
  var run: String

  @Argument(help: "The second run.", completion: .custom(ShellCompletion.runs))
  var other: String?

  @Flag(help: "List the steps that are the same, too, and values that are new in each run.")
  var all = false

  @Flag(help: "Show long values whole.")
  var full = false

  @Flag(help: "Do not compare the results of steps and the outputs of the runs.")
  var noValues = false

  @Flag(help: "Exit with 6 when the runs differ.")
  var exitCode = false

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: ReportOptions
  @OptionGroup var color: ColorOptions

  func run() async throws {
    let journal = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let reader = try journal.reader()
    let (first, second) = try runs(in: reader, journal)
    let from = try RunReading(of: first, in: reader, journal)
    let to = try RunReading(of: second, in: reader, journal)
    let comparison = RunComparison(
      from.compared, to.compared, results: noValues ? .leftOut : .compared)
    report(comparison)
    for reading in [from, to] { try reading.requireIntact(journal) }
    if exitCode, comparison.differs { throw CommandEnding(status: .different) }
  }

  /// The two runs, in the order in which they are compared.
  private func runs(
    in reader: JournalReader, _ journal: JournalSettings
  ) throws -> (RunID, RunID) {
    func found(_ prefix: String) throws -> RunID {
      try journal.translated { () throws(JournalError) in try reader.run(matching: prefix) }
    }
    let named = try found(run)
    if let other { return (named, try found(other)) }
    let earlier = try journal.translated { () throws(JournalError) in
      try reader.predecessor(of: named)
    }
    guard let earlier else {
      throw CommandFailure(
        .invalid, "no run of the same playbook started before run \(named)",
        hint: "name both runs; `privirun runs` lists them")
    }
    return (earlier, named)
  }

  private func report(_ comparison: RunComparison) {
    let extent = all ? RunComparison.Extent.everything : .differences
    switch output.form {
    case .json: StandardStream.output.write(comparison.json(extent))
    case .text:
      let style = color.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(comparison.text(style, extent, values: full ? .full : .short))
    }
  }
}
