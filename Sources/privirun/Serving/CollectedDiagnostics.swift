import Diagnostics
import Logging
import Serving
import Synchronization

/// The diagnostics of one preparation: all of them for the log, and one sentence for the ledger.
final class CollectedDiagnostics: Sendable {
  private let secrets: KnownSecrets
  private let diagnostics = Mutex<[Diagnostic]>([])

  /// No diagnostics yet; reasons will hold none of `secrets`.
  init(hiding secrets: KnownSecrets) {
    self.secrets = secrets
  }

  func add(_ added: [Diagnostic], _ texts: SourceTexts) {
    diagnostics.withLock { $0 += added }
  }

  /// Why `error` ended the preparation, in one sentence without a secret that is known.
  func refusal(_ error: any Error) -> StartRefusal {
    let refusal = self.refusal(for: error)
    return StartRefusal(secrets.reason(refusal.reason), hint: refusal.hint.map(secrets.reason))
  }

  private func refusal(for error: any Error) -> StartRefusal {
    switch error {
    case let failure as CommandFailure:
      return StartRefusal(failure.reason.inOneLine, hint: failure.hint)
    case let input as InvalidInput: return Self.refusal(input.diagnostics)
    case is CommandEnding: return Self.refusal(diagnostics.withLock { $0 })
    case is CancellationError: return StartRefusal("the daemon is about to stop")
    case let refusal as StartRefusal: return refusal
    case _: return StartRefusal("internal error: \(type(of: error))")
    }
  }

  private static func refusal(_ diagnostics: [Diagnostic]) -> StartRefusal {
    let errors = diagnostics.filter { $0.severity == .error }
    guard let first = errors.first else { return StartRefusal("it could not be prepared") }
    let others = errors.count > 1 ? ", and \(errors.count - 1) more" : ""
    return StartRefusal(first.inOneLine + others, hint: first.hint)
  }

  /// Writes all of them: what stops the rollout, whose verdict is the error, and the rest for whoever looks closely.
  func write(to log: Logger, _ fields: Logger.Metadata) {
    for diagnostic in diagnostics.withLock({ $0 }) {
      var fields = fields
      fields["code"] = "\(diagnostic.code.rawValue)"
      if let hint = diagnostic.hint { fields["hint"] = "\(hint)" }
      let level: Logger.Level = diagnostic.severity == .error ? .info : .debug
      log.log(level: level, "\(diagnostic.inOneLine)", metadata: fields)
    }
  }
}

extension Diagnostic {
  /// Such as `register.yaml:3:7: unknown key `calls``.
  var inOneLine: String { (location.map { "\($0): " } ?? "") + message }
}

extension String {
  /// The same with its lists as a sentence.
  var inOneLine: String {
    let lines = split(separator: "\n")
    guard let first = lines.first, lines.count > 1 else { return self }
    return "\(first) "
      + lines.dropFirst().map { $0.drop { $0 == " " || $0 == "-" } }.joined(separator: "; ")
  }
}
