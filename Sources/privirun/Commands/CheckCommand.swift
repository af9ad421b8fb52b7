import ArgumentParser

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read and check playbooks; nothing is sent.",
    discussion: """
      Every finding of every file is told at once, with its place. Exits with 2 when there is an \
      error in any of them.

        privirun check workflows/*.yaml
      """)

  @Argument(help: "The playbooks.")
  var files: [String]

  @OptionGroup var description: DescriptionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let loading = PlaybookChecking(api: try description.load())
    var isValid = true
    for file in files {
      do {
        _ = try loading.load(file, reporting: output)
        if !output.quiet { StandardStream.output.write("\(file): ok\n") }
      } catch is CommandEnding {
        isValid = false
      }
    }
    guard isValid else { throw CommandEnding(status: .invalid) }
  }
}
