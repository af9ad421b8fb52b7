import ArgumentParser
import Diagnostics
import Environments
import Planning

/// The inputs of a playbook.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "An input; may be repeated. A secret input takes NAME=env:VARIABLE or NAME=file:PATH.",
      valueName: "name=value"))
  var inputs: [String] = []

  @Option(
    name: .customLong("inputs"),
    help: ArgumentHelp(
      "A YAML or JSON file with inputs; may be repeated. Later files override earlier ones, and "
        + "--input overrides files; - reads standard input.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var files: [String] = []

  /// The plan of `checked` with its inputs bound, and the sizes of the files that played playbooks use
  /// by default; throws when all diagnostics are reported.
  ///
  /// The inputs files of the environment that is `selected` count least; what they hold for other
  /// playbooks is left out.
  func plan(
    _ checked: CheckedPlaybook, quoting texts: SourceTexts, _ environment: [String: String],
    in selected: SelectedEnvironment?, report: ([Diagnostic], SourceTexts) -> Void
  ) throws -> (Plan, sizes: [String: Int]) {
    let sources = InputSources.live(environment: environment, askSecret: TerminalPrompt.secret)
    let provided = given(from: sources, selected).provided(for: checked.planned)
    do throws(InvalidInput) {
      let binder = InputBinder(sources: sources)
      let bound = try binder.bind(provided, to: checked.planned)
      report(bound.warnings, provided.texts(for: checked.planned))
      var settled = checked
      let recording = SizeRecording()
      settled.planned = try InputBinder(sources: sources.recordingSizes(in: recording))
        .settlePlayed(in: checked.planned)
      return (try settled.plan(inputs: bound.values), recording.sizes)
    } catch {
      var texts = texts
      texts.merge(provided.texts(for: checked.planned))
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }

  /// Everything that is given in files and on the command line, as it is read now.
  func given(from sources: InputSources, _ selected: SelectedEnvironment?) -> GivenInputs {
    func read(_ path: String) -> GivenInputs.File {
      do throws(InputSources.FileFlaw) {
        return GivenInputs.File(
          path: path, contents: .success(try sources.read(path, Self.sizeLimit)))
      } catch {
        return GivenInputs.File(path: path, contents: .failure(error))
      }
    }
    return GivenInputs(
      environment: selected?.name, shared: (selected?.environment.inputs ?? []).map(read),
      files: files.map { read($0 == "-" ? "/dev/stdin" : $0) }, arguments: inputs)
  }

  /// The largest inputs file, in bytes.
  private static let sizeLimit = 1 << 20
}
