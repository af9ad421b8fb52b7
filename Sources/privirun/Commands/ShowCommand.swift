import ArgumentParser
import FoundationEssentials
import Journaling
import Reporting

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one run: steps, attempts, commands, times, outcomes.",
    discussion: """
      RUN is a run's id, any unique prefix of it, or `latest`. Secrets are shown as •••.

        privirun show latest
        privirun show 7k2 --failed
        privirun show 7k2 --output json
        privirun show 7k2 --verify
      """)

  @Argument(
    help: "The run's id, a unique prefix of it, or latest.", completion: .custom(Completion.runs))
  var run: String

  @Flag(help: "Show only the steps that did not succeed, with the steps around them.")
  var failed = false

  @Flag(help: "Show long values whole.")
  var full = false

  @Flag(help: "Verify the hash chain instead: report whether the record was altered.")
  var verify = false

  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let reader = try journal.reader()
    let id = try journal.translated { () throws(JournalError) in
      try reader.run(matching: run)
    }
    if verify {
      let flaw = try journal.translated { () throws(JournalError) in try reader.verify(id) }
      if let flaw { throw CommandFailure(.failed, "the record of run \(id) is damaged: \(flaw)") }
      return StandardStream.output.write("run \(id): the record is intact\n")
    }
    let events = try journal.translated { () throws(JournalError) in try reader.events(of: id) }
    let detail = RunDetail(
      events, steps: failed ? .failed : .all, values: full ? .full : .short)
    switch output.form {
    case .json: StandardStream.output.write(detail.json)
    case .pretty, .plain, .summary:
      let style = output.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(detail.text(style))
    }
  }
}
