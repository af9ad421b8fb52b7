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
      """)

  @Argument(help: "An operation or local action; all are listed without one.")
  var id: String?

  @OptionGroup var description: DescriptionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let manual = OperationManual(api: try description.load())
    guard let id else {
      return StandardStream.output.write(
        output.form == .json ? manual.listJSON : manual.list)
    }
    guard let page = output.form == .json ? manual.json(of: id) : manual.page(of: id) else {
      throw CommandFailure(
        .invalid, "there is no operation `\(id)`",
        hint: didYouMean(id, among: manual.ids) ?? "`privirun operations` lists them all")
    }
    StandardStream.output.write(page)
  }
}
