import Events
import Expressions
import Operations

extension RolloutReport {
  private static let columns = [
    "tenant", "state", "run", "started", "elapsed", "changes", "reason",
  ]
  private static let longestReason = 300

  /// A row for every tenant, and the filter that scripts bring to life.
  func writeTenants(_ digest: RolloutDigest, to write: (String) throws -> Void) throws {
    let head = Self.columns.map { Markup.tag("th", ["scope": "col"], .text($0)) }
    let opening =
      filter(digest)
      + .start(
        "div",
        ["class": "scroll", "role": "region", "aria-label": "Table of tenants", "tabindex": "0"])
      + .start("table", ["id": "rows", "class": "stack"])
      + .tag("caption", [:], .text("All tenants, in the order of the rollout"))
      + .tag("thead", [:], .tag("tr", [:], head)) + .written("<tbody>\n")
    try write(opening.source)
    try source.visit { try write(row($0).source) }
    try write("</tbody></table></div>\n")
  }

  private func filter(_ digest: RolloutDigest) -> Markup {
    let states = TenantState.allCases.filter { digest.counts[$0] > 0 }.map { state in
      Markup.tag("option", ["value": state.rawValue], .text(state.words))
    }
    return .tag(
      "form", ["id": "filter", "role": "search", "hidden": ""],
      .tag(
        "div", [:], .tag("label", ["for": "filter-words"], .text("Filter tenants by any words")),
        .start("input", ["id": "filter-words", "type": "search", "autocomplete": "off"])),
      .tag(
        "div", [:], .tag("label", ["for": "filter-state"], .text("State")),
        .tag(
          "select", ["id": "filter-state"],
          [Markup.written("<option value=\"\">all</option>")] + states)),
      .tag("output", ["id": "filter-count", "aria-live": "polite"])) + HTMLPage.newline
  }

  private func row(_ row: TenantRow) -> Markup {
    let reason = row.reason ?? ""
    let isCut = reason.count > Self.longestReason
    let labels: Markup =
      row.labels.isEmpty
      ? .empty
      : .written("<br>") + .tag("span", ["class": "faint"], .text(row.labels.text))
    let state = "\(row.state.symbol(TerminalStyle())) \(row.state.words)"
    let elapsed = row.elapsed(at: end).map(ElapsedText.text) ?? ""
    return .tag(
      "tr", ["data-state": row.state.rawValue],
      .tag("th", ["scope": "row"], .text(row.name), labels),
      cell("state", PageText.colored(state, row.state.role)),
      cell("run", .text(row.run?.text ?? "")),
      cell("started", .text(row.startedAt.map { "\($0.calendarTime.text)Z" } ?? "")),
      cell("elapsed", .text(row.startedAt == nil ? "" : elapsed)),
      cell("changes", .text(row.changes.text ?? "")),
      cell(
        "reason", PageText.sentence(isCut ? reason.prefix(Self.longestReason) + "…" : reason))
    ) + HTMLPage.newline
  }

  private func cell(_ name: String, _ content: Markup) -> Markup {
    .tag("td", ["data-name": name, "class": name == "elapsed" ? "number" : nil], content)
  }
}
