import Diagnostics
import Expressions
import Playbooks

/// What is computed when a step begins.
extension PlaybookChecker {
  /// Checks everything of a step that is computed when it begins.
  mutating func checkSettings(of step: Step, in scope: NameScope) {
    let modifiers = step.modifiers
    if let name = step.name { check(name, in: scope) }
    check(duration: modifiers.timeout?.value, "`timeout`", in: scope)
    check(integer: modifiers.retry?.attempts, "`attempts`", in: scope)
    check(duration: modifiers.retry?.backoff, "`backoff`", in: scope)
    check(duration: modifiers.retry?.maximumBackoff, "`max-backoff`", in: scope)
    switch step.kind {
    case .forEach(let loop): check(integer: loop.concurrency, "`concurrency`", in: scope)
    case .wait(.duration(let duration)): check(duration: duration.value, "`wait`", in: scope)
    case .wait(.until(_, _, let every)): check(duration: every, "`every`", in: scope)
    case .call, .play, .parallel, .block, .assert, .approve, .unreadable: break
    }
  }

  private mutating func check(
    duration setting: Setting<Duration>?, _ subject: String, in scope: NameScope
  ) {
    guard let template = setting?.template else { return }
    let type = check(template, in: scope)
    guard !StaticType.string.accepts(type), !StaticType.duration.accepts(type) else { return }
    report(
      .wrongType, "\(subject) must be a duration, not \(type.phrase)", at: template.location,
      hint: type == .int
        ? "add the unit: `\"\(template.writtenText)s\"` is in seconds"
        : "give a string such as `'30s'`, or `duration('30s')`")
  }

  private mutating func check(
    integer setting: Setting<Int>?, _ subject: String, in scope: NameScope
  ) {
    guard let template = setting?.template else { return }
    let type = check(template, in: scope)
    guard !StaticType.int.accepts(type) else { return }
    report(
      .wrongType, "\(subject) must be an integer, not \(type.phrase)", at: template.location,
      hint: type == .string || type == .double || type == .uint
        ? "convert it, for example with `int()`" : nil)
  }
}

extension Template {
  /// The text of a name or setting as it is written.
  var writtenText: String {
    switch self {
    case .literal(let value, _, let written): written ?? value.displayText
    case .expression(let expression): expression.marked
    case .text(let parts, _):
      parts.map { part in
        switch part {
        case .literal(let text): text
        case .expression(let expression): expression.marked
        }
      }.joined()
    case .list, .map: "…"
    }
  }

  var isLiteral: Bool { if case .literal = self { true } else { false } }
}

extension Expression {
  /// The expression in its marks, with a blank at each end.
  fileprivate var marked: String {
    let start = source.firstIndex { !$0.isWhitespace } ?? source.startIndex
    let end = source.lastIndex { !$0.isWhitespace }.map(source.index(after:)) ?? source.endIndex
    return "${{ \(source[start..<max(start, end)]) }}"
  }
}
