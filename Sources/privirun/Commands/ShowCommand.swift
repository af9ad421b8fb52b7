import ArgumentParser
import FoundationEssentials
import Journaling
import Reporting

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one run: steps, attempts, commands, times, outcomes.",
    discussion: """
      Any prefix of a run's id that only it has is enough. Secrets are shown as •••.

        privirun show 7k2
        privirun show 7k2 --output json
        privirun show 7k2 --verify
      """)

  @Argument(help: "The run's id, or a prefix of it.")
  var run: String

  @Flag(help: "Check the chain of digests instead: has the record been altered?")
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
      return StandardStream.output.write("run \(id): the record is whole\n")
    }
    let events = try journal.translated { () throws(JournalError) in try reader.events(of: id) }
    let detail = RunDetail(events)
    switch output.form {
    case .json: StandardStream.output.write(detail.json)
    case .pretty, .plain:
      let style = output.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(detail.text(style))
    }
  }
}
