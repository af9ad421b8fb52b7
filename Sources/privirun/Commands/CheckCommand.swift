import ArgumentParser
import Diagnostics
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

  @Argument(help: "The playbooks.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var description: DescriptionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let loading = PlaybookChecking(api: try description.load(), report: report)
    var isValid = true
    for file in files {
      do {
        _ = try loading.load(file)
        if !output.quiet, output.form != .json { StandardStream.output.write("\(file): ok\n") }
      } catch is CommandEnding {
        isValid = false
      }
    }
    guard isValid else { throw CommandEnding(status: .invalid) }
  }

  private func report(_ diagnostics: [Diagnostic], _ texts: SourceTexts) {
    switch output.form {
    case .json:
      for diagnostic in diagnostics {
        StandardStream.output.write(DiagnosticLine(diagnostic).text + "\n")
      }
    case .pretty, .plain, .summary: output.report(diagnostics, quoting: texts)
    }
  }
}
