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
      on standard output.

        privirun check workflows/*.yaml
      """)

  @Argument(
    help: "The playbooks; - reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var description: DescriptionOptions
  @OptionGroup var output: ReportOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  @Flag(name: .shortAndLong, help: "Print errors and warnings only.")
  var quiet = false

  func run() async throws {
    let loading = PlaybookChecking(api: try description.load(), report: report)
    var isValid = true
    var good: [Checked] = []
    for file in files {
      do {
        let (playbook, texts) = try loading.load(file)
        try checkFiles(of: playbook, quoting: texts)
        good.append(Checked(file: file, playbook: playbook, texts: texts))
      } catch is CommandEnding {
        isValid = false
      }
    }
    let played = good.reduce(into: Set<String>()) { $0.formUnion($1.playbook.planned.playedFiles) }
    for checked in good {
      reportDependence(of: checked, besides: played)
      if !quiet, output.form != .json {
        StandardStream.output.write("\(checked.file): ok\n")
      }
    }
    guard isValid else { throw CommandEnding(status: .invalid) }
  }

  /// A file without an error.
  private struct Checked {
    let file: String
    let playbook: CheckedPlaybook
    let texts: SourceTexts
  }

  /// Warns of a playbook that cannot be run for want of a session, unless another file plays it.
  private func reportDependence(of checked: Checked, besides played: Set<String>) {
    guard var need = checked.playbook.dependence, !played.contains(checked.playbook.planned.file)
    else { return }
    need.severity = .warning
    report([need], checked.texts)
  }

  /// Looks for the files that inputs have by default; one that a run would certainly need must exist.
  private func checkFiles(of checked: CheckedPlaybook, quoting texts: SourceTexts) throws {
    let binder = InputBinder(sources: .live(environment: [:]))
    report(binder.flawedDefaults(of: checked.planned), texts)
    do throws(InvalidInput) {
      _ = try binder.settlePlayed(in: checked.planned)
    } catch {
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }

  private func report(_ diagnostics: [Diagnostic], _ texts: SourceTexts) {
    switch output.form {
    case .json:
      for diagnostic in diagnostics {
        StandardStream.output.write(DiagnosticLine(diagnostic).text + "\n")
      }
    case .text: StandardStream.report(diagnostics, quoting: texts)
    }
  }
}
