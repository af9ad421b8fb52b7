import ArgumentParser
import Diagnostics
import Environments
import Planning
import Reporting

/// The inputs of a playbook.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "An input; may be repeated. A secret input takes NAME=env:VARIABLE or NAME=file:PATH.",
      valueName: "name=value"),
    completion: .custom(ShellCompletion.inputs))
  var inputs: [String] = []

  @Option(
    name: .customLong("inputs"),
    help: ArgumentHelp(
      "A file with inputs: YAML, JSON, or NAME=value lines (.env); may be repeated. Later files override "
        + "earlier ones, and --input overrides files; - reads standard input.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json", "env"]))
  var files: [String] = []

  /// Whether any input is given.
  var areGiven: Bool { !files.isEmpty || !inputs.isEmpty }

  /// The plan of `checked` with its inputs bound, and the sizes of the files that played playbooks use
  /// by default; throws when all diagnostics are reported.
  ///
  /// The inputs files of the environment that is `selected` count least; what they hold for other
  /// playbooks is left out. On a terminal a person is asked for what is missing, unless `asking` is false.
  func plan(
    _ checked: CheckedPlaybook, quoting texts: SourceTexts, _ environment: [String: String],
    in selected: SelectedEnvironment?, asking: Bool = true,
    report: ([Diagnostic], SourceTexts) -> Void
  ) throws -> (Plan, sizes: [String: Int]) {
    let sources = InputSources.live(
      environment: environment, ask: asking ? TerminalPrompt.input : nil)
    let bound = try bind(checked, quoting: texts, from: sources, in: selected, report: report)
    do throws(InvalidInput) {
      var settled = checked
      let recording = SizeRecording()
      settled.planned = try InputBinder(sources: sources.recordingSizes(in: recording))
        .settlePlayed(in: checked.planned)
      return (try settled.plan(inputs: bound.values), recording.sizes)
    } catch {
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }

  /// Prints the value of each input of `checked` and where it came from, or that it is missing.
  ///
  /// Nobody is asked for any. Throws when what was given is wrong, which is reported.
  func show(
    _ checked: CheckedPlaybook, quoting texts: SourceTexts, _ environment: [String: String],
    in selected: SelectedEnvironment?, report: ([Diagnostic], SourceTexts) -> Void
  ) throws {
    let sources = InputSources.live(environment: environment)
    let playbook = checked.planned
    let provided = given(from: sources, selected).provided(for: playbook)
    let (bound, missing, diagnostics) = InputBinder(sources: sources)
      .survey(provided, of: playbook)
    let style = TerminalStyle(environment: environment, allowsColor: false)
    StandardStream.output.write(
      InputListing(bound, missing: missing, of: playbook).text(style))
    var texts = texts
    texts.merge(provided.texts(for: playbook))
    report(bound.warnings + diagnostics, texts)
    guard diagnostics.isEmpty else { throw CommandEnding(status: .invalid) }
  }

  private func bind(
    _ checked: CheckedPlaybook, quoting texts: SourceTexts, from sources: InputSources,
    in selected: SelectedEnvironment?, report: ([Diagnostic], SourceTexts) -> Void
  ) throws -> BoundInputs {
    let provided = given(from: sources, selected).provided(for: checked.planned)
    do throws(InvalidInput) {
      let bound = try InputBinder(sources: sources).bind(provided, to: checked.planned)
      report(bound.warnings, provided.texts(for: checked.planned))
      return bound
    } catch {
      var texts = texts
      texts.merge(provided.texts(for: checked.planned))
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }

  func validate() throws { try StandardInput.refuseSecondReader(files) }

  /// Everything that is given in files and on the command line, as it is read now.
  func given(from sources: InputSources, _ selected: SelectedEnvironment?) -> GivenInputs {
    Self.given(files, inputs, from: sources, in: selected)
  }

  /// What `files` and `arguments` give, and the files of the environment.
  static func given(
    _ files: [String], _ arguments: [String], from sources: InputSources = .live(environment: [:]),
    in selected: SelectedEnvironment?
  ) -> GivenInputs {
    func read(_ path: String, as name: String) -> GivenInputs.File {
      do throws(InputSources.FileFlaw) {
        return GivenInputs.File(
          path: name, contents: .success(try sources.read(path, sizeLimit)))
      } catch {
        return GivenInputs.File(path: name, contents: .failure(error))
      }
    }
    return GivenInputs(
      environment: selected?.name,
      shared: (selected?.environment.inputs ?? []).map { read($0, as: $0) },
      files: files.map {
        let file = StandardInput.inputsFile($0)
        return read(file.path, as: file.name)
      }, arguments: arguments)
  }

  /// The largest inputs file, in bytes.
  private static let sizeLimit = 1 << 20
}
