package import Diagnostics
import Events

/// A diagnostic as one line of JSON (`schemas/diagnostic.schema.json`).
package struct DiagnosticLine: Sendable {
  /// The line, without a newline.
  package let text: String

  /// The line for one diagnostic; members without a value are left out.
  ///
  /// A diagnostic without a location may be about a `file` all the same.
  package init(_ diagnostic: Diagnostic, of file: String? = nil) {
    let location = diagnostic.location
    let related = diagnostic.related.map(Self.related)
    text =
      EncodedJSON.object([
        "version": .count(EncodedEvent.version), "type": .text("diagnostic"),
        "severity": .text(diagnostic.severity.rawValue), "code": .text(diagnostic.code.rawValue),
        "number": .text(diagnostic.code.number), "message": .text(diagnostic.message),
        "file": (location?.file ?? file).map(EncodedJSON.text),
        "line": location.map { .count($0.line) },
        "column": location.map { .count($0.column) }, "length": location.map { .count($0.length) },
        "hint": diagnostic.hint.map(EncodedJSON.text),
        "related": related.isEmpty ? nil : .list(related), "fix": diagnostic.fix.map(Self.fix),
      ]).line
  }

  private static func related(_ place: RelatedLocation) -> EncodedJSON {
    .object([
      "message": .text(place.text), "file": .text(place.location.file),
      "line": .count(place.location.line), "column": .count(place.location.column),
      "length": .count(place.location.length),
    ])
  }

  private static func fix(_ fix: Fix) -> EncodedJSON {
    .object([
      "file": .text(fix.location.file), "line": .count(fix.location.line),
      "column": .count(fix.location.column), "length": .count(fix.location.length),
      "replacement": .text(fix.replacement),
    ])
  }
}
