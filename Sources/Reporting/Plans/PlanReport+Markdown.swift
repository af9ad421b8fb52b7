import Events

extension PlanReport {
  /// The plan for a comment on a merge request; ends in a newline.
  ///
  /// It stays below 64,000 bytes, the limit of such comments: lines are left out, and counted, where there
  /// are too many. All text from outside is in code blocks and code spans.
  package var markdown: String { PlanMarkdown(report: self).text }
}

/// The Markdown of a plan.
struct PlanMarkdown {
  private static let style = TerminalStyle()
  /// In bytes: the lines of steps to look at, of the others, and of each of the other parts.
  private static let longestWork = 28_000
  private static let longestQuiet = 14_000
  private static let longestPart = 4_000

  let report: PlanReport

  var text: String {
    let plan = PlanText(report: report, style: Self.style)
    let quiet = report.signed.filter { $0.sign?.isQuiet ?? false }
    var parts = [title, place, MarkdownText.block(work, bytes: Self.longestWork, language: "diff")]
    for lines in [
      plan.votes, plan.lifetimes, plan.finals, plan.withoutUndo, report.explanation, plan.notes,
    ] {
      parts.append(MarkdownText.block(lines, bytes: Self.longestPart))
    }
    if !quiet.isEmpty {
      parts.append(
        "<details><summary>\(report.quietCounts.shortText)</summary>\n\n"
          + MarkdownText.block(quiet.map(\.quietLine), bytes: Self.longestQuiet) + "\n</details>\n")
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The lines of steps to look at, each with its sign first.
  var work: [StyledLine] {
    PlanLines(style: Self.style, selection: .notable).lines(report.items).map {
      $0.styled(Self.style, .leading)
    }
  }

  private var title: String {
    let name = report.heading.playbook.map { " of \(MarkdownText.code($0))" } ?? ""
    return "### Plan\(name): \(conclusion)\n"
  }

  private var conclusion: String {
    let counts = report.counts
    switch report.ending {
    case .complete where counts.isQuiet: return "nothing to do"
    case .complete: return counts.text
    case .failed: return "failed"
    case .incomplete: return "incomplete"
    }
  }

  private var place: String {
    let heading = report.heading
    let service = heading.service.map { "at \(MarkdownText.code($0.shortText))" }
    let environment = heading.environment.map { "environment \(MarkdownText.code($0))" }
    let labels = heading.labels.map { MarkdownText.code($0.description) }
    let offline =
      heading.reads == .omitted ? "without reads: what the service has is not known" : nil
    let incomplete: String? =
      switch report.ending {
      case .complete: nil
      case .failed: "as far as the plan came: \(report.counts.text)"
      case .incomplete(let how):
        "stopped (\(MarkdownText.code(how))), as far as the plan came: \(report.counts.text)"
      }
    let parts = ([service, environment] + labels + [offline, incomplete]).compactMap(\.self)
    return parts.isEmpty ? "" : parts.joined(separator: ", ") + "\n"
  }
}

extension PlanReport {
  /// The counts of what needs no attention.
  fileprivate var quietCounts: PlanCounts {
    var counts = PlanCounts()
    for sign in signed.compactMap(\.sign) where sign.isQuiet { counts.add(sign) }
    return counts
  }
}

extension PlannedItem {
  /// Such as `= stores[0]/device (store vault-a)  Enrol it  device.request-unique-identifier`.
  fileprivate var quietLine: StyledLine {
    var line = StyledLine("\(sign?.symbol(TerminalStyle()) ?? " ") \(step.label)")
    line.append(column: title == path.lastStep || title == subject ? nil : title)
    line.append(column: subject)
    line.append(column: reason)
    return line
  }
}

extension StepPath {
  /// The id of the step, where it is one.
  var lastStep: String? {
    if case .step(let id)? = components.last { id } else { nil }
  }
}
