import ArgumentParser
import Events
import FoundationEssentials
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Reporting
import Running
import Sandbox

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Continue a run that was interrupted or waits for a decision.",
    discussion: """
      The run continues with the playbook, the inputs and the API description that it was started \
      with, in the folder that it was started in, whatever happened to the files since. A request \
      that was in flight is sent again only where that does no harm; otherwise the step ends in \
      doubt. An accepted command is asked for its outcome.

      RUN is a run's id, any unique prefix of it, or `latest`. A run that another process drives is \
      refused with status 75; --take-over ends that process first.

        privirun resume latest
        privirun resume 7k2 --take-over
      """)

  @Argument(
    help: "The run's id, a unique prefix of it, or latest.",
    completion: .custom(ShellCompletion.runs))
  var run: String

  @Flag(help: "End the process that drives the run, if it is on this machine, and take over.")
  var takeOver = false

  @Flag(help: "Stop with status 3 when nothing but a person's decision brings the run any further.")
  var noWait = false

  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    let environment = ProcessInfo.processInfo.environment
    let journal = try journal.writerForResuming()
    let id = try self.journal.translated { () throws(JournalError) in
      try journal.reader.run(matching: run)
    }
    try refuseFinished(id, in: journal)
    let claim = try await RunTakeOver(journal: journal, isAllowed: takeOver).claim(id)
    do {
      let status = try await resume(id, under: claim, in: journal, environment)
      throw CommandEnding(status: status)
    } catch let failure as CommandFailure where failure.status == .invalid {
      // It was not continued: another process may.
      try? await journal.release(id, epoch: claim.epoch)
      throw failure
    }
  }

  private func resume(
    _ run: RunID, under claim: RunClaim, in journal: SQLiteJournal,
    _ environment: [String: String]
  ) async throws -> ExitStatus {
    let record = try self.journal.translated { () throws(JournalError) in
      try journal.reader.record(of: run, secrets: .unsealed)
    }
    // Another process may have driven it to its end before this one became its owner.
    if case .runFinished(let result)? = record.events.last?.kind {
      throw over(run, result.outcome)
    }
    if let flaw = record.flaws.first {
      throw CommandFailure(
        .invalid, "the record of run \(run) is damaged, so it cannot be continued: \(flaw)",
        hint: "`\(self.journal.commands(for: run).verify)` lists every flaw")
    }
    guard case .runStarted(let start)? = record.events.first?.kind else {
      throw CommandFailure(.invalid, "run \(run) has no beginning")
    }
    let service = service.withAbsolutePaths
    var plan = try await RunPinning.plan(of: start, in: journal)
    let target = try service.target(
      for: plan, environment: environment, startedWith: start.service)
    plan.plainSecrets += target.secrets
    var generator = SystemRandomNumberGenerator()
    let resumption = RunResumption(
      owner: "\(OwnerIdentity.current(since: try WallClock().now()))", epoch: claim.epoch,
      seed: generator.next(), version: Version.text)
    guard
      let machine = RunMachine(resuming: plan, after: record.events, as: resumption)
    else { throw CommandFailure(.invalid, "run \(run) has no beginning") }
    return try await target.withTransport { transport, _ in
      try await LiveRun(
        order: RunOrder(
          resuming: machine, under: claim, whenWaiting: noWait ? .leave : .wait),
        transport: transport, journal: journal, commands: self.journal.commands(for: run),
        output: output, clock: WallClock(), environment: environment
      ).perform(after: record.events)
    }
  }

  private func refuseFinished(_ run: RunID, in journal: SQLiteJournal) throws {
    let summary = try self.journal.translated { () throws(JournalError) in
      try journal.reader.summary(of: run)
    }
    if let outcome = summary?.outcome { throw over(run, outcome) }
  }

  private func over(_ run: RunID, _ outcome: Outcome) -> CommandFailure {
    CommandFailure(
      .invalid, "run \(run) is over: it ended as \(outcome.rawValue)",
      hint: "`\(journal.commands(for: run).show)` shows it; run the playbook again for another run")
  }
}
