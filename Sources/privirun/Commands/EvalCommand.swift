import ArgumentParser
import Diagnostics
import Expressions

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate an expression and print its value as JSON.",
    discussion: """
      Expressions are CEL, as between ${{ and }} in a playbook.

        privirun eval '[1, 2, 3].filter(n, n > 1)'
        privirun eval 'size(name)' --with name='"Alice"'
      """)

  @Argument(
    parsing: .allUnrecognized, help: ArgumentHelp("The expression.", valueName: "expression"))
  var words: [String] = []

  /// The one expression: what begins with a dash and is no option is one too, like `-7 / 2`.
  private var expression: String { words.first ?? "" }

  func validate() throws {
    guard !words.isEmpty else { throw ValidationError("Missing expected argument '<expression>'") }
    if words.count > 1, let option = words.first(where: { $0.hasPrefix("--") }) {
      throw ValidationError("Unknown option '\(option)'")
    }
    guard words.count == 1 else {
      throw ValidationError("\(words.count) expressions are given; quote one as a whole")
    }
  }

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp("A name and its value as JSON; may be repeated.", valueName: "name=json"))
  var bindings: [String] = []

  func run() async throws {
    var values: [String: Value] = [:]
    for binding in bindings {
      let (name, value) = try parse(binding)
      guard values.updateValue(value, forKey: name) == nil else {
        throw CommandFailure(.invalid, "`\(name)` is given twice")
      }
    }
    let start = SourceLocation(file: "expression", line: 1, column: 1)
    do {
      let parsed = try Expression(parsing: expression, at: start)
      let value = try parsed.evaluate(with: Bindings(values, zones: .system()))
      StandardStream.output.write(JSON.text(value, secrets: .masked, style: .pretty) + "\n")
    } catch let error as InvalidInput {
      throw failure(error.diagnostics)
    } catch let error as EvaluationError {
      throw failure([error.diagnostic])
    }
  }

  private func parse(_ binding: String) throws -> (String, Value) {
    guard let equals = binding.firstIndex(of: "=") else {
      throw CommandFailure(.invalid, "`--with \(binding)` is not of the form name=json")
    }
    let name = String(binding[..<equals])
    guard name.first?.isNumber == false, name.allSatisfy(Self.mayStandInName) else {
      throw CommandFailure(
        .invalid, "`\(name)` is no name", hint: "a name holds letters, digits and `_`")
    }
    do {
      return (
        name,
        try JSON.parse(
          Array(binding[binding.index(after: equals)...].utf8), repeatedNames: .refused)
      )
    } catch {
      throw CommandFailure(
        .invalid, "the value of `\(name)` is not JSON",
        hint: "a string needs its quotes: --with '\(name)=\"text\"'")
    }
  }

  private static func mayStandInName(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }

  private func failure(_ diagnostics: [Diagnostic]) -> CommandEnding {
    var texts = SourceTexts()
    texts["expression"] = expression
    StandardStream.error.write(DiagnosticRenderer(texts: texts).render(diagnostics) + "\n")
    return CommandEnding(status: .invalid)
  }
}
