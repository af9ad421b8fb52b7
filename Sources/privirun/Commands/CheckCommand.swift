import ArgumentParser
import Diagnostics
import FoundationEssentials
import Planning
import Reporting

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read and check playbooks; nothing is sent.",
    discussion: """
      All errors and warnings of all files are reported at once, with file, line and column. The \
      exit code is 2 when there is an error in any of them, with --strict also when there is a \
      warning. With --output json they are JSON lines on standard output, and with --output sarif \
      a log for code scanning. `privirun explain` explains each by its number.

      Of a folder, the playbooks below it are checked. With --inputs or --input, all is found that a \
      run with them would find before it sends anything.

        privirun check workflows/
        privirun check --strict onboard.yaml --inputs tenant.yaml
      """)

  @Argument(
    help: "The playbooks, or folders of them; - reads standard input.",
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var inputs: InputOptions
  @OptionGroup var description: DescriptionOptions
  @OptionGroup var output: CheckOutputOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  @Flag(name: .shortAndLong, help: "Print errors and warnings only.")
  var quiet = false

  @Flag(
    help: """
      Take warnings for errors, and warn of calls that may be refused for a documented reason with \
      which nothing deals, and of steps that a playbook with undo-on cannot undo.
      """)
  var strict = false

  func validate() throws {
    try StandardInput.refuseSecondReader(files + inputs.files)
    guard inputs.areGiven else { return }
    guard files.count == 1 else {
      throw ValidationError("inputs are those of one playbook, and \(files.count) are named")
    }
    guard try !CheckedPaths.isFolder(files[0]) else {
      throw ValidationError("inputs are those of one playbook, and `\(files[0])` is a folder")
    }
  }

  func run() async throws {
    let printed = CheckOutput(output.form)
    var hasWarning = false
    // The file that is being read.
    var read: String?
    func report(_ diagnostics: [Diagnostic], _ texts: SourceTexts) {
      hasWarning = hasWarning || !diagnostics.isEmpty
      printed.add(diagnostics, texts, of: read)
    }
    let loading = PlaybookChecking(api: try description.load(), report: report)
    var isValid = true
    var good: [Checked] = []
    for file in try CheckedPaths.playbooks(at: files) {
      hasWarning = false
      do {
        read = RunPinning.name(ofPlaybook: file)
        let (playbook, texts) = try loading.load(file)
        read = nil
        try checkFiles(of: playbook) { report($0, texts) }
        if inputs.areGiven { try await checkRun(of: playbook, quoting: texts, report) }
        if strict { report(playbook.unhandledRefusals + playbook.stepsWithoutUndo, texts) }
        good.append(
          Checked(file: file, playbook: playbook, texts: texts, hasWarning: hasWarning))
      } catch is CommandEnding {
        isValid = false
      }
    }
    let played = good.reduce(into: Set<String>()) { $0.formUnion($1.playbook.planned.playedFiles) }
    for checked in good {
      hasWarning = checked.hasWarning
      if let need = dependence(of: checked, besides: played) { report([need], checked.texts) }
      if strict, hasWarning {
        isValid = false
      } else if !quiet, output.form == .text {
        StandardStream.output.write("\(RunPinning.name(ofPlaybook: checked.file)): ok\n")
      }
    }
    printed.finish()
    guard isValid else { throw CommandEnding(status: .invalid) }
  }

  /// Binds the inputs, and finds the step at which every run with them fails.
  private func checkRun(
    of playbook: CheckedPlaybook, quoting texts: SourceTexts,
    _ report: ([Diagnostic], SourceTexts) -> Void
  ) async throws {
    let environment = ProcessInfo.processInfo.environment
    let (plan, _) = try inputs.plan(
      playbook, quoting: texts, environment, in: nil, asking: false, report: report)
    guard let failure = try await CertainFailure(of: plan, environment) else { return }
    report([failure.diagnostic], texts)
    throw CommandEnding(status: .invalid)
  }

  /// A file without an error.
  private struct Checked {
    let file: String
    let playbook: CheckedPlaybook
    let texts: SourceTexts
    let hasWarning: Bool
  }

  /// The warning about a playbook that cannot be run for want of a session, unless another file plays it.
  private func dependence(of checked: Checked, besides played: Set<String>) -> Diagnostic? {
    guard var need = checked.playbook.dependence, !played.contains(checked.playbook.planned.file)
    else { return nil }
    need.severity = .warning
    return need
  }

  /// Looks for the files that inputs have by default; one that a run would certainly need must exist.
  private func checkFiles(of checked: CheckedPlaybook, _ report: ([Diagnostic]) -> Void) throws {
    let binder = InputBinder(sources: .live(environment: [:]))
    // Inputs that are given say which of the defaults are needed.
    if !inputs.areGiven { report(binder.flawedDefaults(of: checked.planned)) }
    do throws(InvalidInput) {
      _ = try binder.settlePlayed(in: checked.planned)
    } catch {
      report(error.diagnostics)
      throw CommandEnding(status: .invalid)
    }
  }
}
