import ArgumentParser
import Diagrams
import Files
import Operations
import Planning

struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draw a playbook: its steps, groups, branches and plays.",
    discussion: """
      mermaid is for Markdown, dot for Graphviz, and svg is a drawing that needs nothing else. Groups \
      and played playbooks are frames with their steps, conditions are edge labels, and dashed \
      arrows lead to what runs after a failure, and to what undoes a step. Nothing is sent.

        privirun graph onboard.yaml --format svg --to onboard.svg
        privirun graph onboard.yaml --format dot | dot -Tpng > onboard.png
      """)

  @Argument(
    help: "The playbook; - reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: "mermaid, dot or svg.")
  var format = DiagramFormat.mermaid

  @Option(
    help: ArgumentHelp("The file to write; default: standard output.", valueName: "file"),
    completion: .file())
  var to: String?

  @Option(
    help: """
      How deep played playbooks are shown with their steps; 0 shows each as one step. Default: as \
      deep as fits into 2,000 steps.
      """)
  var depth: Int?

  @OptionGroup var description: DescriptionOptions
  // There are no colours to leave out; who gives each command the same options need not know.
  @OptionGroup(visibility: .hidden) var color: ColorOptions

  func validate() throws {
    if let depth, depth < 0 { throw ValidationError("--depth cannot be negative") }
  }

  func run() async throws {
    let checking = PlaybookChecking(api: try description.load()) { diagnostics, texts in
      StandardStream.report(diagnostics, quoting: texts)
    }
    let (checked, _) = try checking.load(file)
    let diagram = FlowDiagram(
      of: checked.planned, depth: depth, secrets: SecretScrubber(checked.plainSecrets))
    if diagram.isCut, depth == nil {
      StandardStream.error.write(
        "privirun: the playbooks that \(file) plays have too many steps to show all of them; "
          + "`--depth` shows more\n")
    }
    let text = diagram.text(in: format)
    guard let to else { return StandardStream.output.write(text) }
    let path = try CommandPath.expand(to)
    if let drawn = try? FileStatus(of: CommandPath.expand(file)).identity,
      drawn == (try? FileStatus(of: path).identity)
    {
      throw CommandFailure(
        .invalid, "the drawing would take the place of the playbook `\(to)`",
        hint: "name another file with `--to`")
    }
    do throws(FileError) {
      try AtomicFile.write(Array(text.utf8), to: path, .shared)
    } catch {
      throw CommandFailure(
        .unwritten, "the drawing cannot be written to `\(to)`: \(error.cause)", hint: error.hint)
    }
    StandardStream.error.write("privirun: the drawing is in \(path)\n")
  }
}

extension DiagramFormat: ExpressibleByArgument {}
