import Events

extension RolloutReport {
  private static let mostReasons = 20
  private static let mostFailures = 100
  /// In bytes, of each part; comments on merge requests have at most 65,536 characters.
  private static let longestReasons = 28_000
  private static let longestFailures = 26_000

  /// The rollout for a comment on a merge request, below 64,000 bytes; all text from outside is code.
  func markdown(_ digest: RolloutDigest) -> String {
    var parts = ["### \(MarkdownText.code(title)): \(state.word), \(digest.counts.text)\n"]
    let items = facts(digest).filter { $0.name != "version" && $0.name != "stopped" }.map { fact in
      "\(fact.name) \(MarkdownText.code(fact.text))"
    }
    if !items.isEmpty { parts.append(items.joined(separator: ", ") + "\n") }
    if let stop = view.result?.stop ?? view.stop { parts.append("Stopped: \(stop.text)\n") }
    let reasons = digest.reasons.markdown(limit: Self.mostReasons)
    parts.append(MarkdownText.cut(reasons, to: Self.longestReasons))
    for next in next(digest) {
      parts.append("Next: \(MarkdownText.sentence(next))\n")
    }
    let failures = failures(digest)
    if !failures.isEmpty {
      let title = digest.attentionCount == 1 ? "1 tenant" : "\(digest.attentionCount) tenants"
      parts.append(
        "<details><summary>\(title) that did not succeed</summary>\n\n\(failures)\n</details>\n")
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The first tenants that did not succeed.
  private func failures(_ digest: RolloutDigest) -> String {
    guard !digest.details.isEmpty else { return "" }
    let rows = digest.details.prefix(Self.mostFailures).map { row in
      let run = row.run.map { MarkdownText.cell($0.text) } ?? ""
      let reason = MarkdownText.cell(String((row.reason ?? row.state.words).prefix(300)))
      return "| \(MarkdownText.cell(row.name)) | \(row.state.words) | \(run) | \(reason) |\n"
    }
    let text = MarkdownText.cut(
      "| tenant | state | run | reason |\n|---|---|---|---|\n" + rows.joined(),
      to: Self.longestFailures)
    let shown = text.split(separator: "\n").count - 2
    let rest = digest.attentionCount - shown
    guard rest > 0 else { return text }
    let place = commands.map { MarkdownText.sentence("`\($0.report)` has all") } ?? ""
    return text + "\n\(rest) more are left out. \(place)\n"
  }
}
