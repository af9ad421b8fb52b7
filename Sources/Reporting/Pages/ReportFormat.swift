/// The form of a report.
package enum ReportFormat: String, Sendable, Hashable, CaseIterable {
  /// A page for a browser, in one file.
  case html
  /// A JUnit report, for CI systems.
  case junit
  /// One line of JSON.
  case json
  /// For a comment on a merge request.
  case markdown
  /// A table for spreadsheets.
  case csv
}
