import Diagnostics

/// The findings of one file: each once, and no more than a person will read.
struct DiagnosticList {
  /// The most findings kept for one file.
  static let limit = 100

  private(set) var diagnostics: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private var dropped = 0

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  mutating func add(_ diagnostic: Diagnostic) {
    guard seen.count < Self.limit else {
      dropped += 1
      return
    }
    if seen.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
  }

  mutating func add(_ invalid: InvalidInput) {
    for diagnostic in invalid.diagnostics { add(diagnostic) }
  }

  /// All findings as an error, with a last one that says when some were left out.
  func invalidInput(file: String) -> InvalidInput {
    guard dropped > 0 else { return InvalidInput(diagnostics) }
    return InvalidInput(
      diagnostics + [
        Diagnostic(
          "too-many-findings", "`\(file)` has more findings than the \(Self.limit) shown", at: nil,
          hint: "mend these first")
      ])
  }
}
