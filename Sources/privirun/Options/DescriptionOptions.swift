import ArgumentParser
import Diagnostics
import Operations
import Planning
import Playbooks

/// Which description of the API is used.
struct DescriptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A description of the API (OpenAPI 3.1 with x-privirun) in place of the built-in one.",
      valueName: "file"), completion: .file(extensions: ["yaml", "yml", "json"]))
  var api: String?

  /// The description; throws with every diagnostic about a wrong one.
  func load() throws -> APIDescription { try loadWithText().description }

  /// The description and the document that it was read from.
  func loadWithText() throws -> (description: APIDescription, text: [UInt8]) {
    guard let api = try api.map(CommandPath.expand) else {
      return (try APIDescription.embedded(), APIDescription.embeddedBytes)
    }
    let bytes: [UInt8]
    do throws(InputSources.FileFlaw) {
      bytes = try InputSources.live(environment: [:]).read(api, Self.sizeLimit)
    } catch {
      throw CommandFailure(.invalid, "the description `\(api)` \(error.phrase)")
    }
    do throws(InvalidInput) {
      return (try APIDescription(parsing: bytes, file: api), bytes)
    } catch {
      var texts = SourceTexts()
      texts[api] = String(decoding: bytes, as: UTF8.self)
      StandardStream.error.write(
        DiagnosticRenderer(texts: texts).render(error.diagnostics) + "\n")
      throw CommandEnding(status: .invalid)
    }
  }

  /// The largest description, in bytes.
  private static let sizeLimit = 16 << 20
}
