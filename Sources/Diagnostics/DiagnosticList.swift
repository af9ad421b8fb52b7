/// The diagnostics of one reading: each once, and no more of a file than a person will read.
package struct DiagnosticList: Sendable {
  /// The most diagnostics kept for one file; the others are only counted.
  package static let limit = 100

  private var kept: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private var counts: [String: Int] = [:]
  private var surplus: [String: Surplus] = [:]

  /// What is known of the diagnostics of one file that are not kept.
  fileprivate struct Surplus: Sendable {
    let first: SourceLocation
    var count = 0
    var severity = Diagnostic.Severity.warning
  }

  /// How many errors there were, those included that are only counted.
  package private(set) var errorCount = 0

  /// An empty list.
  package init() {}

  /// A list of `diagnostics`, taken one by one as `add` does.
  package init(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { add(diagnostic) }
  }

  /// Whether nothing was taken, neither an error nor a warning.
  package var isEmpty: Bool { kept.isEmpty }
  /// Whether any error was taken, including errors that are only counted.
  package var hasErrors: Bool { errorCount > 0 }

  /// Every diagnostic that was kept, and for each file with more a last one that counts the others.
  package var elements: [Diagnostic] {
    kept + surplus.sorted { $0.key < $1.key }.map(\.value.diagnostic)
  }

  /// Takes a diagnostic; its hint is only worked out when it is kept.
  package mutating func add(
    _ diagnostic: Diagnostic, hint: @autoclosure () -> String? = nil
  ) {
    if diagnostic.severity == .error { errorCount += 1 }
    if let place = diagnostic.location, counts[place.file, default: 0] >= Self.limit {
      return count(diagnostic, at: place)
    }
    var diagnostic = diagnostic
    if let hint = hint() { diagnostic.hint = hint }
    guard seen.insert(diagnostic.alone).inserted else { return }
    kept.append(diagnostic)
    if let file = diagnostic.location?.file { counts[file, default: 0] += 1 }
  }

  /// Takes every diagnostic of `diagnostics`, as they come.
  package mutating func add(_ diagnostics: some Sequence<Diagnostic>) {
    for diagnostic in diagnostics { add(diagnostic) }
  }

  /// Takes over all that `other` holds, what it only counted too.
  package mutating func merge(_ other: DiagnosticList) {
    add(other.kept)
    errorCount += other.errorCount - other.kept.count { $0.severity == .error }
    for (file, more) in other.surplus {
      surplus[file, default: Surplus(first: more.first)].add(more)
    }
  }

  private mutating func count(_ diagnostic: Diagnostic, at place: SourceLocation) {
    guard !seen.contains(diagnostic.alone) else { return }
    surplus[place.file, default: Surplus(first: place)].add(
      Surplus(first: place, count: 1, severity: diagnostic.severity))
  }
}

extension Diagnostic {
  /// The same without other places: it is said once, whatever else it leads to.
  fileprivate var alone: Diagnostic {
    var diagnostic = self
    diagnostic.related = []
    return diagnostic
  }
}

extension DiagnosticList.Surplus {
  fileprivate mutating func add(_ other: Self) {
    count += other.count
    if other.severity == .error { severity = .error }
  }

  fileprivate var diagnostic: Diagnostic {
    Diagnostic(
      .tooManyDiagnostics,
      "and \(count) more \(count == 1 ? "error or warning" : "errors and warnings") in this file",
      at: first,
      hint: "mend the first \(DiagnosticList.limit), and check again", severity: severity)
  }
}
