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
    let provided = provided(from: sources, for: checked.planned, selected)
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

  private func provided(
    from sources: InputSources, for playbook: PlannedPlaybook, _ selected: SelectedEnvironment?
  ) -> ProvidedInputs {
    var provided = ProvidedInputs()
    for file in selected?.environment.inputs ?? [] {
      do throws(InputSources.FileFlaw) {
        provided.take(shared: file, try sources.read(file, Self.sizeLimit), for: playbook)
      } catch {
        provided.miss(
          file: file, error,
          hint: "`inputs` of the environment `\(selected?.name ?? "")` names it")
      }
    }
    for file in files.map({ $0 == "-" ? "/dev/stdin" : $0 }) {
      do throws(InputSources.FileFlaw) {
        provided.take(file: file, try sources.read(file, Self.sizeLimit))
      } catch {
        provided.miss(file: file, error)
      }
    }
    for input in inputs { provided.take(argument: input) }
    return provided
  }

  /// The largest inputs file, in bytes.
  private static let sizeLimit = 1 << 20
}
