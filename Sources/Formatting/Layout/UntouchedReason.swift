/// Why a file is left as it is although it can be read.
package enum UntouchedReason: Error, Sendable, Hashable {
  /// Nothing is in it, or comments only.
  case empty
  /// A line such as `%YAML 1.2`.
  case directive
  /// The document begins on the line of `---`.
  case valueBehindMarker
  /// It is one list or map in brackets or braces, as JSON is.
  case json
  /// Lines of the form `NAME=value`, as its name says.
  case assignments
  /// A row for each tenant, as its name says.
  case table
  /// A key that does not fit on one line in front of its colon.
  case longKey
  /// The formatted text would have said something else; internal error.
  case unreadable

  /// It in words, to follow "left as it is: ".
  package var phrase: String {
    switch self {
    case .empty: "it is empty, or has comments only"
    case .directive: "it begins with a directive (`%`)"
    case .valueBehindMarker: "its content begins on the line of `---`"
    case .json: "it is JSON, or YAML in one pair of brackets"
    case .assignments: "it has lines of the form `NAME=value`"
    case .table: "it is a table of tenants"
    case .longKey: "a key in it is not on one line, or is empty or longer than 1,000 characters"
    case .unreadable: "formatted, it would not say the same (please report this)"
    }
  }
}
