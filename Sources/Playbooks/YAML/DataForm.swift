/// The form of a file of data, as far as its name gives it.
package enum DataForm: Sendable, Hashable {
  /// YAML, or JSON where the text is that.
  case yaml
  /// JSON (`.json`).
  case json
  /// Lines of the form `NAME=value` (`.env`).
  case assignments
  /// A row for each tenant (`.csv`, `.tsv`, `.jsonl`, `.ndjson`).
  case table

  private static let endings: [(ending: String, form: DataForm)] = [
    (".json", .json), (".env", .assignments), (".csv", .table), (".tsv", .table),
    (".jsonl", .table), (".ndjson", .table),
  ]

  /// The form of a file of this name or path; upper and lower case are the same.
  package init(of file: String) {
    let name = file.lowercased()
    self = Self.endings.first { name.hasSuffix($0.ending) }?.form ?? .yaml
  }
}
