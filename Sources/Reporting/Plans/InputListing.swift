import Diagnostics
import Expressions
package import Planning

/// The values of a playbook's inputs and where they came from, as a person reads them.
package struct InputListing: Sendable {
  private let rows: [(name: String, value: String, origin: String)]

  /// The inputs of `playbook` in the order they are declared, secrets masked, also those that are `missing`.
  package init(_ bound: BoundInputs, missing: [String] = [], of playbook: PlannedPlaybook) {
    let values = bound.values.hiding(playbook.hiddenInputs)
    rows = playbook.inputs.compactMap { name, _ in
      guard let value = values[name] else {
        return missing.contains(name) ? (name, "", "missing") : nil
      }
      return (name, ValueText.text(value, limit: nil), bound.origins[name].map(\.phrase) ?? "")
    }
  }

  /// The widest value, in columns, that the origins of the others are lined up behind.
  private static let widestValue = 40

  /// A line for each input, in columns.
  package func text(_ style: TerminalStyle) -> String {
    guard !rows.isEmpty else { return "the playbook has no inputs\n" }
    let shown = rows.map { (style.printable($0.value), style.printable($0.origin)) }
    let nameWidth = rows.map(\.name.count).max() ?? 0
    let valueWidth = shown.map { DisplayWidth.columns(of: $0.0) }.max() ?? 0
    return zip(rows, shown).map { row, shown in
      let value = Self.pad(shown.0, min(Self.widestValue, valueWidth))
      return "\(Self.pad(row.name, nameWidth))  \(value)  \(shown.1)\n"
    }.joined()
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.columns(of: text)))
  }
}

extension InputOrigin {
  /// Such as `prod.yaml:3` or `default of onboard.yaml:12`.
  fileprivate var phrase: String {
    let place =
      switch source {
      case .commandLine: "--input"
      case .file(let location): location.map { "\($0.file):\($0.line)" } ?? "a file"
      case .playbookDefault(let location): "default of \(location.file):\(location.line)"
      case .terminal: "the terminal"
      }
    return reference.map { "\($0) (\(place))" } ?? place
  }
}
