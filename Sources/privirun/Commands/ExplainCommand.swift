import ArgumentParser
import Events
import Reporting

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain an error or a warning, by its number or name.",
    discussion: """
      Without one, all of them are listed. The same is in docs/diagnostics.md.

        privirun explain P0201
        privirun explain unknown-key
      """)

  @Argument(
    help: "The number or the name, as errors and warnings show it.",
    completion: .custom(ShellCompletion.diagnostics))
  var rule: String?

  @OptionGroup var output: ReportOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  func run() async throws {
    let manual = DiagnosticManual.embedded
    guard let rule else {
      let isJSON = output.form == .json
      return StandardStream.output.write(isJSON ? "\(manual.json.line)\n" : manual.list)
    }
    guard let page = DiagnosticManual.code(named: rule).flatMap(manual.page) else {
      throw CommandFailure(
        .invalid, "there is no error or warning `\(rule)`",
        hint: DiagnosticManual.suggestion(for: rule) ?? "`privirun explain` lists them all")
    }
    StandardStream.output.write(output.form == .json ? "\(page.json.line)\n" : page.text)
  }
}
