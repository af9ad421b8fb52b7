import ArgumentParser
import Diagnostics
import Planning

/// The inputs of a playbook.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "An input; may be repeated. A secret one is given as NAME=env:VARIABLE or NAME=file:PATH.",
      valueName: "name=value"))
  var inputs: [String] = []

  @Option(
    name: .customLong("inputs"),
    help: ArgumentHelp("A YAML or JSON file with inputs.", valueName: "file"))
  var file: String?

  /// The plan of `checked` with its inputs bound; throws with all findings on standard error.
  func plan(
    _ checked: CheckedPlaybook, quoting texts: SourceTexts, _ environment: [String: String],
    reporting output: OutputOptions
  ) throws -> Plan {
    var texts = texts
    do {
      var provided = try fromFile(&texts)
      for input in inputs { provided.append(try ProvidedInput(parsing: input)) }
      let sources = InputSources.live(
        environment: environment, askSecret: TerminalPrompt.secret)
      let values = try InputBinder(sources: sources).bind(provided, to: checked.source)
      return try checked.plan(inputs: values)
    } catch let error as InvalidInput {
      output.report(error.diagnostics, quoting: texts)
      throw CommandEnding(status: .invalid)
    }
  }

  private func fromFile(_ texts: inout SourceTexts) throws -> [ProvidedInput] {
    guard let file else { return [] }
    let bytes: [UInt8]
    do throws(InputSources.FileFlaw) {
      bytes = try InputSources.live(environment: [:]).read(file, Self.sizeLimit)
    } catch {
      throw CommandFailure(.invalid, "the inputs file `\(file)` \(error.phrase)")
    }
    texts[file] = String(decoding: bytes, as: UTF8.self)
    return try ProvidedInput.read(bytes, file: file)
  }

  /// The largest inputs file, in bytes.
  private static let sizeLimit = 1 << 20
}
