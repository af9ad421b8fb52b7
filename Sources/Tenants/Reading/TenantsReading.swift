package import Diagnostics
import Planning

/// What was found in a tenants file, besides the tenants that are right.
package struct TenantsReading: Sendable {
  /// The most lines that are kept for quoting.
  private static let lineLimit = 2 * DiagnosticList.limit
  /// The most bytes of them.
  private static let byteLimit = 8 << 20

  /// Everything that is wrong: the first hundred errors and warnings, and how many others there are.
  package private(set) var diagnostics = DiagnosticList()
  /// What the diagnostics point into.
  package private(set) var texts: SourceTexts
  /// How many tenants were handed over.
  package private(set) var count = 0
  /// Where each name was first listed.
  private var places: [String: SourceLocation] = [:]
  private var keptLines = 0
  private var keptBytes = 0

  init(texts: SourceTexts) {
    self.texts = texts
  }

  /// Handles the diagnostics of a part of the file; `lines` returns the text of a line of it.
  mutating func add(
    _ found: [Diagnostic],
    lines: (_ number: Int) -> (text: String, hidden: [Range<Int>]?)? = { _ in nil }
  ) {
    for diagnostic in found {
      diagnostics.add(diagnostic)
      guard keptLines < Self.lineLimit, keptBytes < Self.byteLimit,
        let place = diagnostic.location, let line = lines(place.line)
      else { continue }
      keptLines += 1
      keptBytes += line.text.utf8.count
      texts.keep(line: place.line, of: place.file, line.text, hiding: line.hidden)
    }
  }

  /// Keeps the whole text of a file.
  mutating func keep(_ text: String, of file: String) {
    texts[file] = text
  }

  /// What is wrong with the name of a tenant, which no other tenant may have.
  mutating func objections(to name: String, at location: SourceLocation) -> [Diagnostic] {
    if let objection = TenantName.objection(to: name) {
      return [TenantName.diagnostic(objection, at: location)]
    }
    guard let first = places[name] else {
      places[name] = location
      return []
    }
    return [
      Diagnostic(
        .duplicateName, "the tenant `\(name)` is listed twice", at: location,
        related: [RelatedLocation("first listed here", at: first)])
    ]
  }

  /// Notes that a tenant was handed over.
  mutating func countTenant() { count += 1 }

  /// How many tenants the file names, right or not.
  var nameCount: Int { places.count }
}
