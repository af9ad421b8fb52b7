import ArgumentParser
import Diagnostics
import Files
import Planning
import Schemas

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema for editors: of playbooks, inputs files or rollout files.",
    discussion: """
      With it, an editor completes keys, operations and their fields, explains them, and marks what is \
      wrong. docs/editors.md says how VS Code, Neovim and JetBrains use it.

        privirun schema --to schemas/playbook.schema.json
        privirun schema inputs onboard.yaml --to onboard.inputs.schema.json
        privirun schema --api engine.yaml
      """)

  @Argument(help: "The kind of file.")
  var kind = SchemaDocument.Kind.playbook

  @Argument(
    help: "With `inputs`: the playbook whose inputs are meant; default: any playbook.",
    completion: .file(extensions: ["yaml", "yml"]))
  var playbook: String?

  @Flag(
    help: """
      With a playbook: let inputs be missing, for a file that is used with others or with --input.
      """)
  var partial = false

  @Option(
    help: ArgumentHelp("The file to write; default: standard output.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var to: String?

  @OptionGroup var description: DescriptionOptions

  func validate() throws {
    guard kind == .inputs || playbook == nil else {
      throw ValidationError("a playbook can only be given with `inputs`")
    }
    guard !partial || playbook != nil else {
      throw ValidationError("--partial needs `inputs` and a playbook")
    }
  }

  func run() async throws {
    let text = try document().text
    guard let to else { return StandardStream.output.write(text) }
    let path = try CommandPath.expand(to)
    do throws(FileError) {
      let file = try AtomicFile(path, .shared)
      try file.write(Array(text.utf8))
      try file.commit()
    } catch {
      throw CommandFailure(
        .unwritten, "the schema cannot be written to `\(to)`: \(error.cause)", hint: error.hint)
    }
    StandardStream.error.write("privirun: the schema is in \(path)\n")
  }

  private func document() throws -> SchemaDocument {
    let api = try description.load()
    guard let playbook else { return SchemaDocument(kind, api: api) }
    let checking = PlaybookChecking(api: api) { diagnostics, texts in
      // Warnings are about what the playbook does.
      StandardStream.report(diagnostics.filter { $0.severity == .error }, quoting: texts)
    }
    let (checked, _) = try checking.load(playbook)
    return SchemaDocument(
      inputs: checked.planned.inputs, of: checked.planned.name, partial ? .partial : .whole)
  }
}

extension SchemaDocument.Kind: ExpressibleByArgument {}
