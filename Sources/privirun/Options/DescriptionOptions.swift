import ArgumentParser
import Diagnostics
import FoundationEssentials
import Operations

/// Which description of the API is used.
struct DescriptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A description of the API (OpenAPI 3.1 with x-privirun) in place of the built-in one.",
      valueName: "file"))
  var api: String?

  /// The description; throws with every finding about a wrong one.
  func load() throws -> APIDescription {
    guard let api else { return try APIDescription.embedded() }
    guard let data = FileManager.default.contents(atPath: api) else {
      throw CommandFailure(.invalid, "the description `\(api)` cannot be read")
    }
    do {
      return try APIDescription(parsing: [UInt8](data), file: api)
    } catch {
      var texts = SourceTexts()
      texts[api] = String(decoding: data, as: UTF8.self)
      StandardStream.error.write(
        DiagnosticRenderer(texts: texts).render(error.diagnostics) + "\n")
      throw CommandEnding(status: .invalid)
    }
  }
}
