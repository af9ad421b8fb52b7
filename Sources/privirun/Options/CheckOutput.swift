import ArgumentParser
import Diagnostics
import Files
import Reporting

/// In which form errors and warnings are printed.
struct CheckOutputOptions: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case sarif

    /// The forms of a run that goes on are one here: who gives each command the same form need not
    /// know which.
    init?(argument: String) {
      switch argument {
      case "sarif": self = .sarif
      case "json": self = .json
      case "text", "pretty", "plain", "summary": self = .text
      default: return nil
      }
    }
  }

  @Option(
    name: .customLong("output"),
    help: "The output format: text, JSON lines, or one SARIF 2.1.0 log for code scanning.")
  var form = Form.text
}

/// Prints the errors and warnings of the files of one command, as they come or at its end.
final class CheckOutput {
  private let form: CheckOutputOptions.Form
  private var diagnostics: [Diagnostic] = []
  /// What was reported: a file that several play is read with each of them, perhaps under other names.
  private var reported: Set<Diagnostic> = []
  /// By a name of a file, its first name.
  private var firstNames: [String: String] = [:]
  private var names: [FileIdentity: String] = [:]
  /// The files of diagnostics that have no location.
  private var files: [Diagnostic: String] = [:]

  /// Nothing is reported yet.
  init(_ form: CheckOutputOptions.Form) {
    self.form = form
  }

  /// Handles the diagnostics of one file, which quote `texts`; each is reported once.
  func add(_ diagnosed: [Diagnostic], _ texts: SourceTexts) { add(diagnosed, texts, of: nil) }

  /// Handles diagnostics, which quote `texts`; each is reported once.
  ///
  /// Those without a location are about `file`.
  func add(_ diagnosed: [Diagnostic], _ texts: SourceTexts, of file: String?) {
    let found = diagnosed.filter { reported.insert(underFirstName($0)).inserted }.inOrderOfPlace
    guard !found.isEmpty else { return }
    diagnostics += found
    for diagnostic in found where diagnostic.location == nil { files[diagnostic] = file }
    switch form {
    case .text: StandardStream.report(found, quoting: texts)
    case .json:
      for diagnostic in found {
        StandardStream.output.write(
          DiagnosticLine(diagnostic, of: files[diagnostic]).text + "\n")
      }
    case .sarif: break
    }
  }

  /// The same whatever the name of the file is under which it was read.
  private func underFirstName(_ diagnostic: Diagnostic) -> Diagnostic {
    guard let file = diagnostic.location?.file else { return diagnostic }
    var same = diagnostic
    same.location?.file = firstName(of: file)
    same.related = []
    same.fix = nil
    return same
  }

  private func firstName(of file: String) -> String {
    if let name = firstNames[file] { return name }
    let identity = CheckedPaths.identity(of: file)
    let name = identity.flatMap { names[$0] } ?? file
    if let identity { names[identity] = name }
    firstNames[file] = name
    return name
  }

  /// Prints the log, and in text says once where the first error is explained.
  func finish() {
    switch form {
    case .text:
      guard let first = diagnostics.first(where: { $0.severity == .error }) else { return }
      StandardStream.error.write("\n`privirun explain \(first.code.number)` says more\n")
    case .json: break
    case .sarif:
      let log = SARIFLog(
        version: Version.text, folder: Folder.current,
        manual: .embedded)
      StandardStream.output.write(log.text(of: diagnostics, in: files))
    }
  }
}
