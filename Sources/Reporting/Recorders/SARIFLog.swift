package import Diagnostics
import Events

/// Diagnostics as a log for code scanning (SARIF 2.1.0, OASIS Standard).
///
/// Columns count Unicode code points. Files are relative to the folder of the process, where they
/// are in it.
package struct SARIFLog: Sendable {
  private let version: String
  private let folder: String
  private let manual: DiagnosticManual

  /// Logs of the program of `version`, which runs in `folder`; `manual` explains the rules.
  package init(version: String, folder: String, manual: DiagnosticManual) {
    self.version = version
    self.folder = folder
    self.manual = manual
  }

  /// The whole log of `diagnostics`, with a newline at its end.
  ///
  /// `files` are those that diagnostics without a location are about.
  package func text(
    of diagnostics: [Diagnostic], in files: [Diagnostic: String] = [:]
  ) -> String {
    let rules = Set(diagnostics.map(\.code)).sorted { $0.number < $1.number }
    let driver: EncodedJSON = .object([
      "name": "privirun", "version": .text(version),
      "rules": .list(rules.map { Self.rule($0, manual.page(of: $0)) }),
    ])
    let run: EncodedJSON = .object([
      "tool": .object(["driver": driver]), "columnKind": "unicodeCodePoints",
      "results": .list(diagnostics.map { result($0, of: files[$0], among: rules) }),
    ])
    let log: EncodedJSON = .object([
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": .list([run]),
    ])
    return log.line + "\n"
  }

  private static func rule(_ code: DiagnosticCode, _ page: DiagnosticPage?) -> EncodedJSON {
    .object([
      "id": .text(code.number), "name": .text(code.rawValue),
      "shortDescription": page.map { message($0.summary) },
      "help": page.map { .object(["text": .text($0.text), "markdown": .text($0.markdown)]) },
      "defaultConfiguration": .object(["level": .text((code.severity ?? .error).rawValue)]),
    ])
  }

  private func result(
    _ diagnostic: Diagnostic, of file: String?, among rules: [DiagnosticCode]
  ) -> EncodedJSON {
    let hint = diagnostic.hint.map { ": \($0)" } ?? ""
    let related = diagnostic.related.enumerated().map { index, place in
      self.place(place.location, id: index + 1, text: place.text)
    }
    return .object([
      "ruleId": .text(diagnostic.code.number),
      "ruleIndex": rules.firstIndex(of: diagnostic.code).map(EncodedJSON.count),
      "level": .text(diagnostic.severity.rawValue),
      "message": Self.message(diagnostic.message + hint),
      "locations": .list(
        (diagnostic.location.map { place($0) } ?? file.map(place(ofFile:))).map { [$0] } ?? []),
      "relatedLocations": related.isEmpty ? nil : .list(related),
      "fixes": diagnostic.fix.map { .list([self.fix($0)]) },
    ])
  }

  private func place(
    _ location: SourceLocation, id: Int? = nil, text: String? = nil
  ) -> EncodedJSON {
    .object([
      "id": id.map(EncodedJSON.count),
      "physicalLocation": .object([
        "artifactLocation": artifact(location.file), "region": Self.region(location),
      ]),
      "message": text.map(Self.message),
    ])
  }

  private func place(ofFile file: String) -> EncodedJSON {
    .object(["physicalLocation": .object(["artifactLocation": artifact(file)])])
  }

  private func fix(_ fix: Fix) -> EncodedJSON {
    .object([
      "description": Self.message("write `\(fix.replacement)`"),
      "artifactChanges": .list([
        .object([
          "artifactLocation": artifact(fix.location.file),
          "replacements": .list([
            .object([
              "deletedRegion": Self.region(fix.location),
              "insertedContent": Self.message(fix.replacement),
            ])
          ]),
        ])
      ]),
    ])
  }

  private func artifact(_ file: String) -> EncodedJSON {
    .object(["uri": .text(FileURI.text(of: file, from: folder))])
  }

  private static func region(_ location: SourceLocation) -> EncodedJSON {
    .object([
      "startLine": .count(location.line), "startColumn": .count(location.column),
      "endColumn": .count(location.column + location.length),
    ])
  }

  private static func message(_ text: String) -> EncodedJSON {
    .object(["text": .text(text)])
  }
}

/// Paths as references of RFC 3986.
private enum FileURI {
  private static let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)

  /// A path relative to `folder` where it leads there, and else a `file:` URI or the path as given.
  static func text(of path: String, from folder: String) -> String {
    let inside = folder.hasSuffix("/") ? folder : folder + "/"
    if !folder.isEmpty, path.hasPrefix(inside) { return encoded(path.dropFirst(inside.count)) }
    return (path.hasPrefix("/") ? "file://" : "") + encoded(path.drop("./"))
  }

  private static func encoded(_ path: Substring) -> String {
    path.utf8.map { byte in
      guard !unreserved.contains(byte) else { return String(Unicode.Scalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}

extension String {
  /// The rest behind `beginning`, where it begins with it.
  fileprivate func drop(_ beginning: String) -> Substring {
    hasPrefix(beginning) ? dropFirst(beginning.count) : self[...]
  }
}
