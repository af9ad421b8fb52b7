import ArgumentParser

struct VersionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version, and what the program was built from.",
    discussion: """
      The commit, the version of Swift and the libraries are those of the build.

        privirun version --output json
      """)

  @OptionGroup var output: ReportOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  func run() async throws {
    let origin = BuildOrigin.recorded
    StandardStream.output.write(output.form == .json ? origin.json : origin.text)
  }
}
