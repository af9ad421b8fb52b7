import Events
import Operations

extension RolloutReport {
  private static let mostReasons = 100
  private static let mostNames = 10
  private static let mostHiddenNames = 1000
  /// So many steps of a tenant are shown.
  private static let mostSteps = 100

  private static let reasonsPart = HTMLPage.Part(id: "reasons", title: "Reasons")
  private static let failuresPart = HTMLPage.Part(id: "failures", title: "Failures")
  private static let timelinePart = HTMLPage.Part(id: "timeline", title: "Timeline")
  private static let tenantsPart = HTMLPage.Part(id: "tenants", title: "Tenants")

  /// The page: what it was and how it ended, why tenants failed, those tenants in detail, a timeline, and a
  /// row for every tenant.
  func writePage(_ digest: RolloutDigest, to write: (String) throws -> Void) throws {
    let timeline = timeline(digest)?.markup ?? .empty
    let parts =
      (digest.reasons.isEmpty ? [] : [Self.reasonsPart, Self.failuresPart])
      + (timeline.isEmpty ? [] : [Self.timelinePart]) + [Self.tenantsPart]
    let heading = "\(title): \(state.word)"
    let page = HTMLPage(
      title: heading, head: head(digest), heading: heading, parts: parts,
      version: view.start?.version)
    try write(page.opening.source)
    if !digest.reasons.isEmpty {
      try write((HTMLPage.partStart(Self.reasonsPart) + reasons(digest)).source)
      try write(HTMLPage.partEnd.source)
      try writeFailures(digest, to: write)
    }
    if !timeline.isEmpty {
      let start = HTMLPage.partStart(Self.timelinePart)
      try write((start + timeline + HTMLPage.partEnd).source)
    }
    try write(HTMLPage.partStart(Self.tenantsPart).source)
    try writeTenants(digest, to: write)
    try write((HTMLPage.partEnd + page.closing).source)
  }

  private func head(_ digest: RolloutDigest) -> Markup {
    let counts = TenantState.allCases.filter { digest.counts[$0] > 0 }.map { state in
      Markup.tag(
        "li", ["class": state.role.className], .tag("b", [:], .text("\(digest.counts[state])")),
        .text(" \(state.words)"))
    }
    let rows =
      [("outcome", PageText.colored(state.word, state.role))]
      + facts(digest).map { ($0.name, Markup.text($0.text)) }
    let next = next(digest)
    let advice = next.map { Markup.tag("p", [:], PageText.sentence("Next: \($0)")) }
    return .tag("ul", ["class": "counts", "aria-label": "Tenants"], counts) + HTMLPage.newline
      + PageText.facts(rows)
      + (next.isEmpty ? .empty : .tag("div", ["class": "next"], advice) + HTMLPage.newline)
  }

  private func reasons(_ digest: RolloutDigest) -> Markup {
    let entries = digest.reasons.entries
    let rows = entries.prefix(Self.mostReasons).map { entry in
      Markup.tag(
        "tr", [:],
        .tag("td", ["data-name": "count", "class": "number"], .text("\(entry.count)")),
        .tag(
          "th", ["scope": "row"], PageText.colored(entry.state.words, entry.state.role),
          .text(": ") + PageText.sentence(entry.message),
          entry.cause.isEmpty
            ? .empty : .written("<br>") + .tag("span", ["class": "faint"], .text(entry.cause))),
        .tag("td", ["data-name": "where"], .text(entry.place ?? "")),
        .tag("td", ["data-name": "what to do"], PageText.sentence(entry.advice ?? "")),
        .tag("td", ["data-name": "tenants"], names(of: entry))) + HTMLPage.newline
    }
    let head = ["count", "reason", "where", "what to do", "tenants"].map {
      Markup.tag("th", ["scope": "col"], .text($0))
    }
    let table = Markup.tag(
      "table", ["class": "stack"],
      .tag("caption", [:], .text("Why tenants did not succeed, the same causes grouped")),
      .tag("thead", [:], .tag("tr", [:], head)), .tag("tbody", [:], rows))
    let rest = entries.count - rows.count
    return PageText.scrolled("Table of reasons", table)
      + (rest > 0
        ? .tag("p", ["class": "faint"], .text("\(rest) more reasons are left out.")) : .empty)
  }

  private func names(of entry: ReasonTable.Entry) -> Markup {
    let shown = Markup.text(entry.tenants.prefix(Self.mostNames).joined(separator: ", "))
    let others = entry.tenants.dropFirst(Self.mostNames)
    guard !others.isEmpty else { return shown }
    let more = others.prefix(Self.mostHiddenNames).joined(separator: ", ")
    let rest = others.count - Self.mostHiddenNames
    return shown
      + .tag(
        "details", [:], .tag("summary", [:], .text("\(others.count) more")),
        .text(more + (rest > 0 ? " and \(rest) more" : "")))
  }

  private func timeline(_ digest: RolloutDigest) -> TimelineDrawing? {
    guard let start = view.startedAt, let latestAt = digest.latestAt else { return nil }
    let end = max(latestAt, end ?? latestAt)
    guard start < end else { return nil }
    let stages = view.stages.enumerated().map { index, stage in
      let next = view.stages.dropFirst(index + 1).first?.startedAt
      let isProved = stage.provedAt != nil
      return TimelineDrawing.Bar(
        label: "stage \(stage.number)", start: stage.startedAt, end: stage.provedAt ?? next,
        state: isProved ? "proved" : "not proved", role: isProved ? .good : .faint)
    }
    let bars = (stages.count > 1 ? stages : []) + digest.bars.sorted
    return TimelineDrawing(
      title: "the tenants", bars: bars, start: start, end: end,
      omission: digest.bars.omission(of: "tenants"))
  }
}

extension RolloutReport {
  /// The tenants that did not succeed, each with the steps of its run.
  private func writeFailures(_ digest: RolloutDigest, to write: (String) throws -> Void) throws {
    try write(HTMLPage.partStart(Self.failuresPart).source)
    for (index, row) in digest.details.enumerated() {
      let events = try row.run.map(source.events) ?? []
      try write(failure(row, events, isOpen: index < 3 && digest.attentionCount <= 10).source)
    }
    let rest = digest.attentionCount - digest.details.count
    if rest > 0 {
      let note = "The steps of \(rest) more are left out; the table below has a row for each."
      try write(Markup.tag("p", ["class": "faint"], .text(note)).source + "\n")
    }
    try write(HTMLPage.partEnd.source)
  }

  private func failure(_ row: TenantRow, _ events: [RunEvent], isOpen: Bool) -> Markup {
    let line =
      Markup.tag("h3", [:], .text(row.name)) + .text(" ")
      + PageText.colored("\(row.state.symbol(TerminalStyle())) \(row.state.words)", row.state.role)
      + .text(": ") + PageText.sentence(row.reason ?? row.state.words)
    let summary = Markup.tag("summary", [:], line)
    guard !events.isEmpty else {
      var facts: [(name: String, content: Markup)] = []
      if let run = row.run { facts.append(("run", .text(run.text))) }
      if let step = row.failedStep { facts.append(("step", .text("\(step)"))) }
      if let place = row.failure?.location { facts.append(("where", .text("\(place)"))) }
      if let hint = row.hint { facts.append(("what to do", PageText.sentence(hint))) }
      guard !facts.isEmpty else { return .tag("div", ["class": "item"], line) + HTMLPage.newline }
      return .tag("details", ["open": isOpen ? "" : nil], summary, PageText.facts(facts))
        + HTMLPage.newline
    }
    let detail = RunDetail(events, journal: journal)
    let (explanations, omitted) = detail.tree.explanations(limit: 5)
    var steps = StepMarkup(detail, room: Self.mostSteps)
    // The reason of one failure is in the summary.
    let isOne = explanations.count == 1 && row.failure != nil
    var content = explanations.map { explanation in
      let headline = PageText.sentence(explanation.lines.first?.text ?? "")
      return (isOne ? .empty : Markup.tag("p", ["class": "strong"], headline))
        + FailureMarkup.facts(explanation)
    }
    if omitted > 0 { content.append(.tag("p", [:], .text("\(omitted) more failures"))) }
    if let run = row.run {
      let show = RunCommands(of: run, journal: journal).show
      content.append(PageText.facts([("run", .tag("code", [:], .text(show)))]))
    }
    content.append(
      .tag(
        "details", ["class": "long"], .tag("summary", [:], .text("Steps")), steps.markup())
        + HTMLPage.newline)
    return .tag("details", ["open": isOpen ? "" : nil], [summary] + content) + HTMLPage.newline
  }
}
