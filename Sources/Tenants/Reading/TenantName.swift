import Diagnostics

/// What tenants can be called.
///
/// A name is part of paths (`file:secrets/{name}`) and an argument of commands, so it has no `/`, and
/// begins with nothing that means something there.
package enum TenantName {
  /// The longest name, in characters.
  package static let limit = 100

  /// Why nothing can be called `name`, as the end of a sentence; nil when it can.
  package static func objection(to name: String) -> String? {
    guard let first = name.unicodeScalars.first, let last = name.unicodeScalars.last else {
      return "is empty"
    }
    if name.count > limit { return "has more than \(limit) characters" }
    if first.properties.isWhitespace || last.properties.isWhitespace {
      return "begins or ends with a blank"
    }
    if ["-", ".", "~"].contains(first) { return "begins with `\(first)`" }
    if name.contains("/") { return "contains a `/`" }
    return name.unicodeScalars.contains(where: isInvisible)
      ? "contains a control character or an invisible one" : nil
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned,
      .privateUse:
      true
    case _: false
    }
  }

  static func diagnostic(_ objection: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .invalidName, "the name of the tenant \(objection)", at: location,
      hint: "a name has 1 to \(limit) printable characters, no `/`, and does not begin with `-`, "
        + "`.` or `~`")
  }
}
