import ArgumentParser
import Diagnostics
import Expressions
import FoundationEssentials
import Planning
import Playbooks

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

  /// The inputs of `checked`, bound; throws with all findings on standard error.
  func bind(
    _ checked: CheckedPlaybook, quoting texts: SourceTexts, _ environment: [String: String],
    reporting output: OutputOptions
  ) throws -> ValueMap {
    var texts = texts
    do {
      let provided = try fromFile(&texts) + inputs.map(Self.provided)
      let binder = InputBinder(
        playbook: checked.source, sources: .live(environment: environment))
      return try binder.bind(provided)
    } catch let error as InvalidInput {
      output.report(error.diagnostics, quoting: texts)
      throw CommandEnding(status: .invalid)
    }
  }

  private static func provided(_ argument: String) throws -> ProvidedInput {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      throw InvalidInput([
        Diagnostic(
          "malformed-input", "an `--input` is not of the form name=value", at: nil,
          hint: "such as `--input username=alice@example.com`")
      ])
    }
    return ProvidedInput(
      name: String(argument[..<equals]),
      source: .text(String(argument[argument.index(after: equals)...])))
  }

  private func fromFile(_ texts: inout SourceTexts) throws -> [ProvidedInput] {
    guard let file else { return [] }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw InvalidInput([
        Diagnostic("unreadable-file", "the inputs file `\(file)` cannot be read", at: nil)
      ])
    }
    texts[file] = String(decoding: data, as: UTF8.self)
    let document = try YAMLNode(parsing: [UInt8](data), file: file)
    guard let entries = document.entries else {
      throw InvalidInput([
        Diagnostic(
          "wrong-type", "an inputs file is a map of names and values", at: document.location)
      ])
    }
    return entries.map { entry in
      ProvidedInput(name: entry.key, source: .value(entry.value.value, entry.keyLocation))
    }
  }
}
