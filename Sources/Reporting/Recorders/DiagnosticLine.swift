package import Diagnostics
import Events

/// A diagnostic as one line of JSON (`schemas/diagnostic.schema.json`).
package struct DiagnosticLine: Sendable {
  /// The line, without a newline.
  package let text: String

  /// The line for one diagnostic; members without a value are left out.
  package init(_ diagnostic: Diagnostic) {
    let location = diagnostic.location
    text =
      EncodedJSON.object([
        "version": .count(EncodedEvent.version), "type": .text("diagnostic"),
        "severity": .text(diagnostic.severity.rawValue), "code": .text(diagnostic.code),
        "message": .text(diagnostic.message), "file": location.map { .text($0.file) },
        "line": location.map { .count($0.line) }, "column": location.map { .count($0.column) },
        "length": location.map { .count($0.length) }, "hint": diagnostic.hint.map(EncodedJSON.text),
      ]).line
  }
}
