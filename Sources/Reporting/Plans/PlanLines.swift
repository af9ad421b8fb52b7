import Events
import Expressions
import Operations
import Playbooks

/// The steps of a plan as lines.
struct PlanLines: Sendable {
  /// Which steps have lines of their own.
  enum Selection: Sendable {
    /// Those to look at; others have one line for each group of them.
    case summarized
    /// Only those to look at, and what they are in.
    case notable
    case everything
  }

  /// In characters, of each of two values.
  private static let longestValue = 60
  /// More steps than this in a row that need no attention have one line together.
  private static let mostQuiet = 3

  let style: TerminalStyle
  let selection: Selection
  /// The step whose failure is explained elsewhere.
  var explained: StepPath?

  /// The lines of `items`, at `depth`.
  func lines(_ items: [PlannedItem], depth: Int = 0) -> [PlanLine] {
    guard selection != .everything else {
      return items.filter(\.hasLines).flatMap { whole($0, depth: depth) }
    }
    let shown = items.filter { !$0.counts.isEmpty }
    var (lines, rest): ([PlanLine], ArraySlice<PlannedItem>) = ([], shown[...])
    while let first = rest.first {
      let quiet = rest.prefix(while: \.isQuiet)
      if quiet.isEmpty {
        lines += whole(first, depth: depth)
      } else if selection == .summarized {
        lines += summary(quiet, depth: depth)
      }
      rest = rest.dropFirst(max(1, quiet.count))
    }
    return lines
  }

  private func whole(_ item: PlannedItem, depth: Int) -> [PlanLine] {
    var line = name(item)
    line.append(column: reason(item))
    if let failure = failureText(item) { line.append(column: failure.text, failure.role) }
    return [PlanLine(depth: depth, sign: item.sign, body: line)]
      + item.differences.map { difference($0, item.sign, depth: depth) }
      + lines(item.children, depth: depth + 1)
  }

  private func name(_ item: PlannedItem) -> StyledLine {
    var line = StyledLine(item.title, item.sign?.isQuiet ?? false ? .faint : .plain)
    let subject = item.step.kind == .forEach || item.subject == item.title ? nil : item.subject
    line.append(column: subject, .faint)
    return line
  }

  private func reason(_ item: PlannedItem) -> String? {
    if let reason = item.reason { return reason }
    return switch item.sign {
    case .unknown?: StateChange.Kind.unknown.phrase
    case .conflict?: "a run fails here"
    case .create?, .change?, .remove?, .drift?, .unchanged?, .skipped?, .failed?, nil: nil
    }
  }

  private func failureText(_ item: PlannedItem) -> (text: String, role: TerminalStyle.Role)? {
    guard let failure = item.failure, let outcome = item.outcome else { return nil }
    let word = "\(outcome.word) (\(failure.kind.rawValue))"
    return (item.path == explained ? word : "\(word): \(failure.message)", outcome.role)
  }
}

/// What needs no attention, in few lines.
extension PlanLines {
  private func summary(_ items: ArraySlice<PlannedItem>, depth: Int) -> [PlanLine] {
    guard items.count > Self.mostQuiet else { return items.map { summary($0, depth: depth) } }
    let titles = [items.first, items.last].compactMap { $0?.title }
    let text = titles.joined(separator: style.choose(" … ", " ... "))
    var counts = PlanCounts()
    for item in items { counts.add(item.counts) }
    return [summary(text, counts, depth: depth)]
  }

  private func summary(_ item: PlannedItem, depth: Int) -> PlanLine {
    guard item.sign == nil else {
      var line = name(item)
      line.append(column: item.reason, .faint)
      return PlanLine(depth: depth, sign: item.sign, body: line)
    }
    return summary(item.title, item.counts, depth: depth)
  }

  /// Such as `= Have the storage devices (3 unchanged)`.
  private func summary(_ title: String, _ counts: PlanCounts, depth: Int) -> PlanLine {
    PlanLine(
      depth: depth, sign: counts[.unchanged] > 0 ? .unchanged : .skipped,
      body: StyledLine("\(title) (\(counts.shortText))", .faint))
  }
}

/// What differs.
extension PlanLines {
  private func difference(
    _ difference: Lookup.Difference, _ sign: PlanSign?, depth: Int
  ) -> PlanLine {
    PlanLine(
      depth: depth + 1, sign: nil,
      body: StyledLine(difference.planText(style, limit: limit, stays: sign?.stays ?? false)))
  }

  private var limit: Int? { selection == .everything ? nil : Self.longestValue }
}

extension Lookup.Difference {
  /// Such as `timeLimit: 40 → 60`; of what stays as it is, `timeLimit: 40 (asked: 60)`.
  ///
  /// `limit` is in characters, of each of two values; nil for no limit. Secrets are never shown.
  func planText(_ style: TerminalStyle, limit: Int?, stays: Bool) -> String {
    guard !asked.holdsSecret, !found.holdsSecret else {
      return "\(field): \(asked.holdsUnknown ? Unknown.text : "another value")"
    }
    let changes = ChangeText(style: style, limit: limit)
    guard stays else {
      let change: ComparedValue.Change =
        found == .null ? .added(asked) : .changed(from: found, to: asked)
      return "\(field): \(changes.text(change))"
    }
    let left = found == .null ? "(none)" : changes.text(found)
    return "\(field): \(left) (asked: \(changes.text(asked)))"
  }
}

extension PlannedItem {
  /// Whether it has a line where everything is shown: what only has a notice has none.
  fileprivate var hasLines: Bool {
    sign != nil || failure != nil || children.contains(where: \.hasLines)
  }
}
