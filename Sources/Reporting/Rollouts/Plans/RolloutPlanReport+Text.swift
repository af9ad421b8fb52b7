import Diagnostics
import Events
import OrderedCollections

extension RolloutPlanReport {
  /// The plan for people: the rollout and its limits, the first tenants whole, the counts of all, then what a
  /// person should know; ends in a newline.
  ///
  /// Of many tenants, those with the same counts share a line, unless everything is to be shown.
  package func text(_ style: TerminalStyle, _ extent: PlanReport.Extent = .summarized) -> String {
    RolloutPlanText(report: self, style: style, extent: extent).lines
      .map { $0.rendered(style) + "\n" }.joined()
  }
}

/// The text of a rollout's plan in its parts, which Markdown has, too.
struct RolloutPlanText {
  static let mostRows = 20
  static let mostReasons = 10
  static let mostKinds = 20
  static let mostNames = 3
  static let mostGone = 10

  let report: RolloutPlanReport
  let style: TerminalStyle
  var extent = PlanReport.Extent.summarized

  var lines: [StyledLine] {
    let parts =
      report.whole.map(whole)
      + [tenants, reasons, votes, worstCase, lifetimes, finals, gone, [conclusion] + hint]
    return heading + parts.filter { !$0.isEmpty }.flatMap { [StyledLine()] + $0 }
  }

  /// `most` where not everything is to be shown.
  private func limit(_ most: Int) -> Int { extent == .everything ? .max : most }

  private var heading: [StyledLine] {
    var line = StyledLine(report.heading.name, .strong)
    line.append(column: report.what)
    return [line] + report.facts.map { RunDetail.fact($0.name, $0.text) }
  }

  private func whole(_ whole: RolloutPlanReport.WholePlan) -> [StyledLine] {
    let body =
      switch whole.plan {
      case .plan(let report): PlanText(report: report, style: style, extent: extent).body
      case .drift(let report): report.body(style)
      case .refused: [StyledLine]()
      }
    return [StyledLine("tenant \(whole.tenant)", .strong), StyledLine()] + body
  }

  /// Why tenants have no complete plan.
  var reasons: [StyledLine] {
    guard !report.reasons.isEmpty else { return [] }
    return [StyledLine("why tenants have no complete plan", .strong)]
      + report.reasons.lines(
        style, limit: limit(Self.mostReasons), names: limit(Self.mostNames))
  }
}

/// The counts of all tenants.
extension RolloutPlanText {
  /// A line for each tenant; of many, a line for those with the same counts.
  var tenants: [StyledLine] {
    guard report.tenants.count > 0 else { return [] }
    let isGrouped = extent == .summarized && report.tenants.count > Self.mostRows
    return [StyledLine("tenants", .strong)] + (isGrouped ? groups : rows)
  }

  private var rows: [StyledLine] {
    let rows = report.tenants.rows
    let widest = rows.lazy.map { DisplayWidth.columns(of: style.printable($0.tenant)) }.max() ?? 0
    return rows.map { row in
      let outline = report.tenants[row]
      let used = DisplayWidth.columns(of: style.printable(row.tenant))
      var line = StyledLine("  \(row.tenant)" + Self.spaces(min(widest, 40) - used))
      line.append("  ")
      line.append(outline.counts.signs(style))
      line.append(column: outline.remark, .bad)
      line.append(column: outline.votesText, .faint)
      return line
    }
  }

  private var groups: [StyledLine] {
    let groups = TenantGroup.groups(of: report.tenants, names: Self.mostNames)
    let shown = groups.prefix(Self.mostRows)
    let widest = shown.map { String($0.count).count }.max() ?? 0
    let signs = shown.map { $0.key.counts.signs(style) }
    let columns = signs.map { DisplayWidth.columns(of: style.printable($0.text)) }
    let widestSigns = min(columns.max() ?? 0, 30)
    var lines = shown.indices.map { index in
      let (group, count) = (shown[index], String(shown[index].count))
      var line = StyledLine("  \(Self.spaces(widest - count.count))\(count) ")
      line.append(group.count == 1 ? "tenant   " : "tenants  ")
      line.append(signs[index])
      line.append(Self.spaces(widestSigns - columns[index]))
      line.append(column: group.key.remark, .bad)
      line.append(
        column: TenantNames.text(group.names, of: group.count, limit: Self.mostNames), .faint)
      return line
    }
    let rest = groups.dropFirst(Self.mostRows)
    if !rest.isEmpty {
      let tenants = rest.reduce(0) { $0 + $1.count }
      lines.append(StyledLine("  \(TenantNames.count(tenants)) with other counts", .faint))
    }
    return lines
  }

  private static func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(0, count))
  }
}

/// Tenants with the same counts.
private struct TenantGroup {
  struct Key: Hashable {
    var counts: PlanCounts
    var remark: String?
  }

  let key: Key
  var count = 0
  /// The names of the first ones.
  var names: [String] = []

  /// The largest groups first, otherwise in the order of their first tenants.
  static func groups(of tenants: TenantOutlines, names limit: Int) -> [TenantGroup] {
    var places: [Key: Int] = [:]
    var groups: [TenantGroup] = []
    // Most tenants have one of few outlines.
    var known = [Int?](repeating: nil, count: tenants.sizes.count)
    for row in tenants.rows {
      let place =
        known[row.place]
        ?? {
          let outline = tenants[row]
          let key = Key(counts: outline.counts, remark: outline.remark)
          if let place = places[key] { return place }
          places[key] = groups.count
          groups.append(TenantGroup(key: key))
          return groups.count - 1
        }()
      known[row.place] = place
      groups[place].count += 1
      if groups[place].names.count < limit { groups[place].names.append(row.tenant) }
    }
    return groups.enumerated().sorted { left, right in
      left.element.count == right.element.count
        ? left.offset < right.offset : left.element.count > right.element.count
    }.map(\.element)
  }
}

extension TenantOutline {
  /// Such as `2 votes`; nil without votes.
  fileprivate var votesText: String? {
    switch votes {
    case 0: nil
    case 1: possibleVotes == 1 ? "perhaps 1 vote" : "1 vote"
    case let votes: possibleVotes == votes ? "perhaps \(votes) votes" : "\(votes) votes"
    }
  }
}

/// What a person should know before the rollout is started.
extension RolloutPlanText {
  /// How many votes there will be, and of which kinds.
  var votes: [StyledLine] {
    guard report.votes.count > 0 else { return [] }
    let kinds = report.votes.kinds
    let lines = kinds.prefix(limit(Self.mostKinds)).map { vote, entry in
      var line = StyledLine("  " + vote.event)
      line.append(column: vote.policy.map { "policy \($0)" }, .faint)
      line.append(column: vote.text, .notable)
      line.append(column: entry.text("1 vote", "votes"))
      return line
    }
    let rest = kinds.dropFirst(lines.count).reduce(report.votes.tally.beyond) {
      $0 + $1.entry.count
    }
    return [StyledLine(report.votes.summary(atOnce: report.heading.votesAtOnce), .strong)] + lines
      + others(rest, "vote", "votes")
  }

  /// How long the rollout may wait.
  var worstCase: [StyledLine] {
    guard report.heading.mode != .drift, report.tenants.count > 0, let text = report.wait.text
    else { return [] }
    return [StyledLine("longest wait", .strong), StyledLine("  \(text)")]
  }

  /// What may run out before it is used.
  var lifetimes: [StyledLine] {
    listed("may run out before use", report.lifetimes) { warning in
      var line = StyledLine("  \(warning.step)")
      line.append(column: warning.text, .notable)
      return line
    }
  }

  /// What cannot be undone.
  var finals: [StyledLine] {
    listed("cannot be undone", report.finals) { step in
      var line = StyledLine("  ")
      line.append("\(step.sign.symbol(style)) ", step.sign.role)
      line.append(step.subject)
      return line
    }
  }

  /// Tenants of the last rollout that are not in the tenants file any more.
  var gone: [StyledLine] {
    let gone = report.heading.gone
    guard !gone.isEmpty else { return [] }
    let names = TenantNames.text(gone, of: gone.count, limit: limit(Self.mostGone))
    return [
      StyledLine(
        "\(TenantNames.count(gone.count)) of the last rollout \(gone.count == 1 ? "is" : "are") not in the "
          + "tenants file any more", .strong), StyledLine("  \(names)"),
    ]
  }

  private func listed<Key>(
    _ title: String, _ tally: TenantTally<Key>, _ text: (Key) -> StyledLine
  ) -> [StyledLine] {
    let all = tally.all
    guard !all.isEmpty else { return [] }
    let shown = all.prefix(limit(Self.mostKinds))
    let lines = shown.map { key, entry in
      var line = text(key)
      line.append(column: entry.text("1 step", "steps"))
      return line
    }
    let rest = all.dropFirst(shown.count).reduce(tally.beyond) {
      $0 + $1.entry.count
    }
    return [StyledLine(title, .strong)] + lines + others(rest, "step", "steps")
  }

  private func others(_ count: Int, _ one: String, _ several: String) -> [StyledLine] {
    count == 0 ? [] : [StyledLine("  \(count) more \(count == 1 ? one : several)", .faint)]
  }
}

/// The last lines.
extension RolloutPlanText {
  /// The counts over all tenants.
  var conclusion: StyledLine {
    let isDrift = report.heading.mode == .drift
    let isBad = report.failed || (isDrift ? report.comparedNothing : report.hasConflicts)
    let isNotable = isDrift ? report.hasDrift : report.hasWork
    let role: TerminalStyle.Role = isBad ? .bad : !isNotable ? .good : isDrift ? .notable : .strong
    return StyledLine(report.conclusion, role)
  }

  private var hint: [StyledLine] {
    guard extent == .summarized, report.tenants.count > 0 else { return [] }
    let what =
      report.tenants.count > Self.mostRows ? "every tenant" : "what is unchanged or skipped"
    return [StyledLine("--all lists \(what); --only TENANT plans one tenant", .faint)]
  }
}
