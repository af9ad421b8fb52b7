import Planning

/// A result that a person gives: JSON, or where it is, with or without the step that it is of.
///
/// It is read at once: relative paths begin in the folder that the command was started in.
struct ResultArgument: Sendable {
  /// The step as it was typed; nil where none is named.
  let step: String?
  let json: String

  /// Reads `JSON`, `env:VARIABLE` or `file:PATH`, also behind `STEP=`.
  init(_ argument: String) throws {
    let text: String
    if Self.isResult(argument) {
      (step, text) = (nil, argument)
    } else {
      let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2 else {
        throw CommandFailure(
          .invalid, "`--result` needs the form JSON or STEP=JSON",
          hint: "in place of JSON, `env:VARIABLE` or `file:PATH` may stand")
      }
      (step, text) = (String(halves[0]), String(halves[1]))
    }
    json =
      SecretReader.isReference(text)
      ? try NamedText.read(text, for: "`--result`", advice: "write `env:VARIABLE`") : text
  }

  private static func isResult(_ text: String) -> Bool {
    text.hasPrefix("{") || text.hasPrefix("[") || SecretReader.isReference(text)
  }
}
