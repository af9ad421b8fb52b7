import ArgumentParser
import Diagnostics
import Operations
import Reporting

struct OperationsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operations", abstract: "List the API's operations, or explain one.",
    discussion: """
        privirun operations
        privirun operations data-token.reserve-token-space
        privirun operations policy
        privirun operations '*.list-*' --output json
      """)

  @Argument(
    help: "The id of an operation, WebSocket message or local action, a section, a glob, or all.",
    completion: .custom(ShellCompletion.operations))
  var name: String?

  @OptionGroup var description: DescriptionOptions
  @OptionGroup var output: ReportOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  func run() async throws {
    let manual = OperationManual(api: try description.load())
    guard let name else {
      return StandardStream.output.write(output.form == .json ? manual.listJSON : manual.list)
    }
    guard let text = output.form == .json ? manual.json(of: name) : manual.text(of: name) else {
      throw CommandFailure(
        .invalid, "there is no operation, section or local action `\(name)`",
        hint: OperationNames.suggestion(for: name, among: manual.names)
          ?? "`privirun operations` lists them all")
    }
    StandardStream.output.write(text)
  }
}
