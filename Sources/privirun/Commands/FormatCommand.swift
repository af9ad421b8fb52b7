import ArgumentParser

struct FormatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Format playbooks and other YAML files of a project.",
    discussion: """
      Rewrites playbooks, rollout files, privirun.yaml, inputs and tenants files in one form, and \
      prints the names of those that changed. Comments, blank lines, the order of data and every \
      value are kept; keys of the language are put in the order of the reference. In folders, \
      playbooks, rollout files and privirun.yaml are looked for; other files are formatted when they \
      are named. A file with an error is left as it is, and the exit code is 2.

        privirun fmt
        privirun fmt onboard.yaml inputs/production.yaml
        privirun fmt --check workflows
        privirun fmt - < draft.yaml

      With --check nothing is written, and the exit code is 6 when a file would change.
      """)

  @Argument(
    help: """
      Files and folders; default: the current folder. - formats standard input and prints the result.
      """,
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  @Flag(help: "Write nothing; print the names of files that would change, and then exit with 6.")
  var check = false

  @Flag(help: "Write nothing; print how files would change, in the unified form of diff.")
  var diff = false

  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  func run() async throws {
    let formatting = FileFormatting(check: check, diff: diff)
    if files.contains(where: FileFormatting.isStream) {
      guard let file = files.first, files.count == 1 else {
        throw CommandFailure(
          .invalid, "standard input cannot be formatted together with other files",
          hint: "format it with a command of its own: `privirun fmt -`")
      }
      formatting.formatStream(file)
    } else {
      for path in files.isEmpty ? ["."] : files {
        formatting.format(try CommandPath.expand(path))
      }
    }
    if let status = formatting.status { throw CommandEnding(status: status) }
  }
}
