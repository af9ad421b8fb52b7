import Diagnostics
import Events
import Playbooks

extension ReasonTable.Entry {
  /// The class, the status and the operation, such as `rejected, HTTP 409, device.enrol`; empty where there
  /// is none.
  var cause: String {
    [kind?.rawValue, status.map { "HTTP \($0)" }, operation].compactMap(\.self)
      .joined(separator: ", ")
  }

  /// Where it happened, such as `enrol (workflows/onboard.yaml:12:5)`; nil where that is not known.
  var place: String? {
    guard let step else { return location?.description }
    let others = hasOtherSteps ? " and other steps" : ""
    return "\(step)" + (location.map { " (\($0))" } ?? "") + others
  }

  /// What to do about it, or about the first of them where it differs; nil where that is not known.
  var advice: String? {
    guard hasOtherHints, let first = tenants.first else { return hint }
    return hint.map { "\($0) (\(first); others alike)" }
  }

  /// The first `limit` names, and how many more there are.
  func tenantsText(limit: Int) -> String {
    let names = tenants.prefix(limit).joined(separator: ", ")
    return count > limit ? "\(names) and \(count - limit) more" : names
  }
}

extension ReasonTable {
  /// At most `limit` causes, two lines each, and how many more there are.
  func lines(_ style: TerminalStyle, limit: Int, names: Int = 3) -> [StyledLine] {
    let entries = entries
    let widest = entries.first.map { String($0.count).count } ?? 0
    var lines: [StyledLine] = []
    for entry in entries.prefix(limit) {
      let count = String(entry.count)
      var line = StyledLine(
        "  " + String(repeating: " ", count: widest - count.count) + count, .strong)
      line.append(" \(entry.state.words)", entry.state.role)
      line.append(": \(entry.message)")
      line.append(column: entry.cause, .faint)
      lines.append(line)
      var details = StyledLine(String(repeating: " ", count: widest + 3))
      details.append(entry.tenantsText(limit: names))
      details.append(column: entry.place.map { "at \($0)" }, .faint)
      lines.append(details)
    }
    let rest = entries.dropFirst(limit)
    if !rest.isEmpty {
      let tenants = rest.reduce(0) { $0 + $1.count }
      lines.append(
        StyledLine(
          "  \(rest.count) more \(rest.count == 1 ? "reason" : "reasons") "
            + "(\(tenants) \(tenants == 1 ? "tenant" : "tenants"))", .faint))
    }
    return lines
  }

  /// The causes for programs, with all tenants.
  var json: EncodedJSON {
    .list(
      entries.map { entry in
        .object([
          "count": .count(entry.count), "state": .text(entry.state.rawValue),
          "class": entry.kind.map { .text($0.rawValue) },
          "operation": entry.operation.map(EncodedJSON.text),
          "status": entry.status.map(EncodedJSON.count), "message": .text(entry.message),
          "hint": entry.hint.map(EncodedJSON.text),
          "step": entry.step.map { .text($0.description) },
          "location": entry.location.map(EncodedEvent.json(of:)),
          "tenants": .list(entry.tenants.map(EncodedJSON.text)),
        ])
      })
  }

  /// The causes as a table of Markdown, at most `limit`; empty for none.
  func markdown(limit: Int, names: Int = 5) -> String {
    guard !isEmpty else { return "" }
    var text = "| tenants | reason | which |\n|---:|---|---|\n"
    let entries = entries
    for entry in entries.prefix(limit) {
      let place = entry.place.map { "<br>at \(MarkdownText.cell($0))" } ?? ""
      let hint = entry.advice.map { "<br>next: \(MarkdownText.cell($0))" } ?? ""
      let cause = entry.cause.isEmpty ? "" : " (\(MarkdownText.cell(entry.cause)))"
      let shown = entry.tenants.prefix(names).map(MarkdownText.cell).joined(separator: ", ")
      let more = entry.count > names ? " and \(entry.count - names) more" : ""
      text +=
        "| \(entry.count) | \(entry.state.words): \(MarkdownText.cell(entry.message))\(cause)"
        + "\(place)\(hint) | \(shown)\(more) |\n"
    }
    if entries.count > limit { text += "\n\(entries.count - limit) more reasons are left out.\n" }
    return text
  }
}
