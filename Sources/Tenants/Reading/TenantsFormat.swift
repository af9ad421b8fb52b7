import Files

/// How a tenants file is written.
package enum TenantsFormat: String, Sendable, Hashable, CaseIterable {
  case csv
  case yaml
  case json
  /// A JSON map on each line.
  case jsonLines = "jsonl"

  /// The format that the extension of `path` names; nil when it names none.
  package init?(ofFile path: String) {
    switch UserPath.fileExtension(of: path).lowercased() {
    case "csv", "tsv": self = .csv
    case "yaml", "yml": self = .yaml
    case "json": self = .json
    case "jsonl", "ndjson": self = .jsonLines
    case _: return nil
    }
  }
}

extension CSVSeparator {
  /// The separator that the extension of `path` names: the tab for `tsv`.
  init?(ofFile path: String) {
    guard UserPath.fileExtension(of: path).lowercased() == "tsv" else { return nil }
    self = .tab
  }
}
