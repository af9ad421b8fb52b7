import ArgumentParser
import Events
import Expressions
import FoundationEssentials
import Journaling
import Operations
import Reporting

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one run: steps, attempts, commands, times, outcomes.",
    discussion: """
      RUN is a run's id, any unique prefix of it, or `latest`. Secrets are shown as •••. Steps that \
      failed, are in doubt or in progress are shown with their path, by which `approve` and `resume` \
      name a step; --paths shows that of every step.

        privirun show latest
        privirun show 7k2 --failed
        privirun show 7k2 --paths
        privirun show 7k2 --output json
        privirun show 7k2 --verify
      """)

  @Argument(
    help: "The run's id, a unique prefix of it, or latest.",
    completion: .custom(ShellCompletion.runs))
  var run: String

  @Flag(help: "Show only the steps that did not succeed, with the steps around them.")
  var failed = false

  @Option(
    help: ArgumentHelp(
      "Show only the steps whose path or id matches, with what is below them; * stands for anything.",
      valueName: "glob"))
  var step: String?

  @Flag(help: "Show the path of every step.")
  var paths = false

  @Flag(help: "Do not truncate long values.")
  var full = false

  @Flag(help: "Check the hash chain and the stored texts instead, and list every alteration.")
  var verify = false

  @OptionGroup var environment: EnvironmentOptions
  @OptionGroup var journal: JournalOptions
  @OptionGroup var output: ReportOptions
  @OptionGroup var color: ColorOptions

  func validate() throws {
    guard step == nil || !failed else {
      throw ValidationError("--step and --failed cannot be given together")
    }
  }

  private var steps: RunDetail.Steps {
    if let step { return .matching(Glob(step)) }
    return failed ? .failed : .all
  }

  func run() async throws {
    let journal = try journal.settings(
      environment.choice(ProcessInfo.processInfo.environment))
    let reader = try journal.reader()
    let id = try journal.translated { () throws(JournalError) in
      try verify ? reader.record(matching: run) : reader.run(matching: run)
    }
    let record = try journal.translated { () throws(JournalError) in
      try verify ? reader.verifiedRecord(of: id) : reader.record(of: id)
    }
    if verify { return try report(record, of: id, reader) }
    let isOver = if case .runFinished? = record.events.last?.kind { true } else { false }
    let progress = try journal.translated { () throws(JournalError) in
      isOver ? nil : try RunProgress(of: record, run: id, in: reader)
    }
    let detail = RunDetail(
      record.events, progress, steps: steps, values: full ? .full : .short,
      paths: paths ? .all : .open, journal: journal.named,
      api: isOver ? nil : Self.description(of: record, reader))
    switch output.form {
    case .json: StandardStream.output.write(detail.json)
    case .text:
      let style = color.style(environment: ProcessInfo.processInfo.environment)
      StandardStream.output.write(detail.text(style))
    }
    if let flaw = record.flaws.first {
      throw CommandFailure(
        .failed, "the record of run \(id) is damaged; only what stands before is shown: \(flaw)",
        hint: "`\(journal.commands(for: id).verify)` lists every flaw")
    }
  }

  private static func description(
    of record: RunRecord, _ reader: JournalReader
  ) -> APIDescription? {
    guard case .runStarted(let start)? = record.events.first?.kind else { return nil }
    return RecordedDescription.find(start, in: reader)
  }

  /// Says whether the record is as it was written, and every flaw when it is not.
  private func report(_ record: RunRecord, of id: RunID, _ reader: JournalReader) throws {
    let flaws = record.flaws.map { "\n  \($0)" }.joined()
    let kind = record.events.first?.kind.recordKind == .rollout ? "rollout" : "run"
    guard record.isVerified else {
      let (cause, hint) = Self.unverifiable(reader.keyProblem(of: id))
      throw CommandFailure(
        .failed, "the record of \(kind) \(id) cannot be verified\(cause)" + flaws, hint: hint)
    }
    guard record.flaws.isEmpty else {
      throw CommandFailure(.failed, "the record of \(kind) \(id) is damaged:\(flaws)")
    }
    StandardStream.output.write("\(kind) \(id): the record is intact\n")
  }

  /// Why a record cannot be verified, and what helps; somebody may look at a copy, or at a journal of
  /// another user in a folder that they may not write.
  private static func unverifiable(_ problem: JournalError?) -> (cause: String, hint: String?) {
    let copying =
      "copy the journal and its key into a folder of your own, the key with mode 0600, and name the "
      + "copy with `--journal`"
    switch problem {
    case .missingKey(let path):
      return (
        " without the journal's key, and there is no \(path)",
        "the key is beside the journal in which the run was recorded, unless `--journal-key` named "
          + "another: \(copying)"
      )
    case .unusableKey:
      return (": \(problem?.description ?? "")", "if you cannot change the key file, \(copying)")
    case .otherKey(let path):
      return (
        ": \(path) is not the key under which the run was recorded",
        "put the right key file there, or name it with `--journal-key`"
      )
    case let problem?: return (": \(problem)", problem.hint)
    case nil: return (" without the journal's key", "put the key file back beside the journal")
    }
  }
}
