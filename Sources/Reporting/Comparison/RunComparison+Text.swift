import Events
import Expressions
import Operations

extension RunComparison {
  /// How much is shown of what two runs have in common.
  package enum Extent: Sendable, Hashable {
    /// Nothing but counts.
    case differences
    /// All steps, and the values that a service makes anew in each run.
    case everything
  }

  /// What differs between the runs, with counts of the rest, for people; ends in a newline.
  package func text(
    _ style: TerminalStyle, _ extent: Extent = .differences, values: RunDetail.Values = .short
  ) -> String {
    let text = ComparisonText(
      comparison: self, style: style, extent: extent,
      changes: ChangeText(style: style, limit: values == .full ? nil : ComparisonText.longestValue))
    return text.lines.map { $0.rendered(style) + "\n" }.joined()
  }

  /// Whether a step is shown: it differs, or took notably longer or shorter.
  func shows(_ step: ComparedStep, _ extent: Extent) -> Bool {
    switch extent {
    case .everything: true
    case .differences: !step.isSame || step.time?.isNotable ?? false
    }
  }
}

/// The lines of a comparison.
struct ComparisonText: Sendable {
  /// In characters, of each of two values.
  static let longestValue = 60
  /// In characters, of each of two reasons of failures.
  private static let longestReason = 400
  /// More steps than this in a row that only one run has are counted, but for the first few.
  private static let mostAlone = 8
  private static let firstAlone = 5

  let comparison: RunComparison
  let style: TerminalStyle
  let extent: RunComparison.Extent
  let changes: ChangeText

  var lines: [StyledLine] {
    let shown = comparison.steps.filter { comparison.shows($0, extent) }
    let steps = self.steps(shown)
    let outputs = rows(listed(comparison.outputs).map { ($0, "output \($0.name)") }, depth: 0)
    return head + Self.block(steps) + Self.block(outputs) + Self.block(ending)
  }

  private static func block(_ lines: [StyledLine]) -> [StyledLine] {
    lines.isEmpty ? [] : [StyledLine()] + lines
  }

  private var head: [StyledLine] {
    let (from, to) = (comparison.from, comparison.to)
    var title = StyledLine(to.playbook ?? from.playbook ?? "two runs", .strong)
    title.append(column: "run \(Self.name(from)) \(changes.arrow) \(Self.name(to))")
    let values =
      comparison.facts.map { ($0, $0.name) } + comparison.inputs.map { ($0, "input \($0.name)") }
    let width = Self.width(of: values)
    var lines = [title]
    if let before = from.startedAt, let after = to.startedAt {
      let text = "\(before.text) \(changes.arrow) \(after.text)"
      lines.append(Self.row("started", text, depth: 1, width: width))
    }
    if let time = comparison.time { lines.append(row(time, "elapsed", depth: 1, width: width)) }
    if from.ending == to.ending {
      lines.append(Self.row("outcome", to.ending, depth: 1, width: width))
    }
    return lines + rows(values, depth: 1)
  }

  /// Those of `values` that are listed, and not only counted.
  private func listed(_ values: [ComparedValue]) -> [ComparedValue] {
    values.filter { extent == .everything || !$0.isGenerated }
  }

  private static func name(_ heading: RunComparison.Heading) -> String {
    heading.run?.text ?? "(damaged)"
  }

  private var ending: [StyledLine] {
    let counts = comparison.counts
    var lines = rows(comparison.ending.map { ($0, $0.name) }, depth: 0)
    lines.append(StyledLine(Self.text(counts, comparison)))
    let generated = counts.generated + comparison.outputs.count(where: \.isGenerated)
    if generated > 0 {
      let hint = extent == .everything ? "" : "; --all shows them"
      lines.append(
        StyledLine("identifiers and instants that are new in each run: \(generated)\(hint)", .faint)
      )
    }
    if !comparison.comparesSecrets {
      lines.append(StyledLine("secrets were not compared", .notable))
    }
    lines.append(
      comparison.differs
        ? StyledLine("the runs differ", .notable) : StyledLine("the runs do not differ", .good))
    return lines
  }

  /// Such as `41 steps are the same, 2 differ, 1 only in 7k2m9q0d4x1z; 1 slower`.
  private static func text(
    _ counts: RunComparison.Counts, _ comparison: RunComparison
  ) -> String {
    var parts = ["\(counts.same) \(counts.same == 1 ? "step is" : "steps are") the same"]
    if counts.different > 0 {
      parts.append("\(counts.different) \(counts.different == 1 ? "differs" : "differ")")
    }
    if counts.removed > 0 { parts.append("\(counts.removed) only in \(name(comparison.from))") }
    if counts.added > 0 { parts.append("\(counts.added) only in \(name(comparison.to))") }
    let times = [(counts.slower, "slower"), (counts.faster, "faster")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)" }
    return parts.joined(separator: ", ")
      + (times.isEmpty ? "" : "; " + times.joined(separator: ", "))
  }
}

/// The steps.
extension ComparisonText {
  private func steps(_ shown: [ComparedStep]) -> [StyledLine] {
    var lines: [StyledLine] = []
    var rest = shown[...]
    while let first = rest.first {
      let alone = rest.prefix { first.isAlone && $0.presence.symbol == first.presence.symbol }
      let isLong = alone.count > Self.mostAlone && extent == .differences
      let group = alone.isEmpty ? rest.prefix(1) : isLong ? alone.prefix(Self.firstAlone) : alone
      lines += group.flatMap(step)
      if isLong {
        let hidden = alone.count - Self.firstAlone
        lines.append(
          StyledLine(
            "\(style.choose("…", "...")) \(hidden) more like these; --all shows them", .faint))
      }
      rest = rest.dropFirst(max(1, alone.count))
    }
    return lines
  }

  private func step(_ step: ComparedStep) -> [StyledLine] {
    let role = step.isSame ? TerminalStyle.Role.faint : step.presence.role
    var line = StyledLine("\(step.isSame ? "=" : step.presence.symbol) ", role)
    line.append(step.side.label, step.isSame ? .plain : role)
    line.append(column: step.side.name)
    line.append(column: step.side.subject ?? step.side.kind?.rawValue, .faint)
    switch step.presence {
    case .both: break
    case .removed(let side, let steps):
      line.append(column: Self.alone(side, steps, in: comparison.from))
    case .added(let side, let steps):
      line.append(column: Self.alone(side, steps, in: comparison.to))
    }
    let shown = listed(step.differences)
    return [line] + rows(shown.map { ($0, $0.name) }, step.time, depth: 2)
  }

  /// Such as `only in 7k2m9q0d4x1z: 4 steps, failed`.
  private static func alone(
    _ side: ComparedStep.Side, _ steps: Int, in heading: RunComparison.Heading
  ) -> String {
    let parts = [steps > 1 ? "\(steps) steps" : nil, side.outcome?.word].compactMap(\.self)
    return "only in \(name(heading))"
      + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
  }
}

/// The rows below a step or the heading.
extension ComparisonText {
  private func rows(
    _ values: [(value: ComparedValue, name: String)], _ time: ComparedTime? = nil, depth: Int
  ) -> [StyledLine] {
    let width = Self.width(of: values)
    let rows = values.map { value, name in
      Self.row(
        name, text(value), depth: depth, width: width,
        value.isGenerated ? .faint : .plain)
    }
    guard let time, time.isPerceptible else { return rows }
    return rows + [row(time, "time", depth: depth, width: width)]
  }

  /// The columns of the names and what separates them from the values; few names are longer.
  private static func width(of values: [(value: ComparedValue, name: String)]) -> Int {
    max(10, min(30, values.map { $0.name.count + 2 }.max() ?? 0))
  }

  private func text(_ value: ComparedValue) -> String {
    guard value.name == "failure.message", changes.limit != nil else {
      return changes.text(value.change)
    }
    return ChangeText(style: style, limit: Self.longestReason).text(value.change)
  }

  private func row(
    _ time: ComparedTime, _ name: String, depth: Int, width: Int
  ) -> StyledLine {
    var line = Self.row(name, changes.text(time), depth: depth, width: width)
    if time.isNotable {
      line.append(column: time.difference > .zero ? "slower" : "faster", .notable)
    }
    return line
  }

  private static func row(
    _ name: String, _ text: String, depth: Int, width: Int,
    _ role: TerminalStyle.Role = .plain
  ) -> StyledLine {
    let name = (name + "  ").padded(to: width)
    var line = StyledLine(String(repeating: "  ", count: depth) + name, .faint)
    line.append(text, role)
    return line
  }
}

extension ComparedStep {
  fileprivate var isAlone: Bool {
    switch presence {
    case .both: false
    case .removed, .added: true
    }
  }
}

extension ComparedStep.Presence {
  fileprivate var symbol: String {
    switch self {
    case .both: "~"
    case .removed: "-"
    case .added: "+"
    }
  }

  fileprivate var role: TerminalStyle.Role {
    switch self {
    case .both: .notable
    case .removed: .bad
    case .added: .good
    }
  }
}
