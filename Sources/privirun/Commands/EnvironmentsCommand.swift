import ArgumentParser
import Environments
import FoundationEssentials
import Reporting

struct EnvironmentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "environments",
    abstract: "List the environments of the project's privirun.yaml.",
    discussion: """
      The file is looked for in the current folder and in those above it. An environment names a \
      service with its journal, inputs and labels; --environment NAME, PRIVIRUN_ENVIRONMENT or the \
      file's `default` chooses one. A star marks the one that other commands use now.

        privirun environments
        privirun run onboard.yaml --environment staging
      """)

  @OptionGroup var output: ReportOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  func run() async throws {
    let variables = ProcessInfo.processInfo.environment
    guard let file = try EnvironmentsFile.ofProject(variables) else {
      throw CommandFailure(
        .invalid, "there is no \(EnvironmentsFile.name) in this folder or above it",
        hint: "docs/environments.md describes the file")
    }
    let named = variables[EnvironmentOptions.variable].flatMap { $0.isEmpty ? nil : $0 }
    let listing = try EnvironmentListing(of: file, inUse: named ?? file.defaultName)
    switch output.form {
    case .json: StandardStream.output.write(listing.json)
    case .text: StandardStream.output.write(listing.text(color.style(environment: variables)))
    }
  }
}
