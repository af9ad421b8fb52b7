import ArgumentParser
import Diagnostics
import Planning
import Reporting

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read and check playbooks; nothing is sent.",
    discussion: """
      All errors and warnings of all files are reported at once, with file, line and column. The \
      exit code is 2 when there is an error in any of them. With --output json they are JSON lines \
      on standard output, and with --output sarif a log for code scanning. `privirun explain` \
      explains each by its number.

        privirun check workflows/*.yaml
      """)

  @Argument(
    help: "The playbooks; - reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var description: DescriptionOptions
  @OptionGroup var output: CheckOutputOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  @Flag(name: .shortAndLong, help: "Print errors and warnings only.")
  var quiet = false

  func run() async throws {
    let report = CheckOutput(output.form)
    let loading = PlaybookChecking(api: try description.load(), report: report.add)
    var isValid = true
    var good: [Checked] = []
    for file in files {
      do {
        let (playbook, texts) = try loading.load(file)
        try checkFiles(of: playbook, quoting: texts, report)
        good.append(Checked(file: file, playbook: playbook, texts: texts))
      } catch is CommandEnding {
        isValid = false
      }
    }
    let played = good.reduce(into: Set<String>()) { $0.formUnion($1.playbook.planned.playedFiles) }
    for checked in good {
      reportDependence(of: checked, besides: played, report)
      if !quiet, output.form == .text {
        StandardStream.output.write("\(checked.file): ok\n")
      }
    }
    report.finish()
    guard isValid else { throw CommandEnding(status: .invalid) }
  }

  /// A file without an error.
  private struct Checked {
    let file: String
    let playbook: CheckedPlaybook
    let texts: SourceTexts
  }

  /// Warns of a playbook that cannot be run for want of a session, unless another file plays it.
  private func reportDependence(
    of checked: Checked, besides played: Set<String>, _ report: CheckOutput
  ) {
    guard var need = checked.playbook.dependence, !played.contains(checked.playbook.planned.file)
    else { return }
    need.severity = .warning
    report.add([need], checked.texts)
  }

  /// Looks for the files that inputs have by default; one that a run would certainly need must exist.
  private func checkFiles(
    of checked: CheckedPlaybook, quoting texts: SourceTexts, _ report: CheckOutput
  ) throws {
    let binder = InputBinder(sources: .live(environment: [:]))
    report.add(binder.flawedDefaults(of: checked.planned), texts)
    do throws(InvalidInput) {
      _ = try binder.settlePlayed(in: checked.planned)
    } catch {
      report.add(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }
}
