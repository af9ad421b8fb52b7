/// Pieces that pages share.
enum PageText {
  /// Names and texts in two columns; nothing for no rows.
  static func facts(_ rows: [(name: String, content: Markup)]) -> Markup {
    guard !rows.isEmpty else { return .empty }
    let lines = rows.map { row in
      Markup.tag("dt", [:], .text(row.name)) + .tag("dd", [:], row.content)
    }
    return .tag("dl", [:], lines) + HTMLPage.newline
  }

  /// Text in which what stands between backticks is code, as the program's own sentences have it.
  static func sentence(_ text: String) -> Markup {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 2, parts.count % 2 == 1 else { return .text(text) }
    return .join(
      parts.enumerated().map { index, part in
        index % 2 == 0 ? .text(String(part)) : .tag("code", [:], .text(String(part)))
      })
  }

  /// Text in a colour, which is never all that says what it means.
  static func colored(_ text: String, _ role: TerminalStyle.Role) -> Markup {
    guard let name = role.className else { return .text(text) }
    return .tag("span", ["class": name], .text(text))
  }

  /// A table in a box of its own, which scrolls where the page is narrow.
  static func scrolled(_ label: String, _ content: Markup) -> Markup {
    .tag(
      "div", ["class": "scroll", "role": "region", "aria-label": label, "tabindex": "0"], content)
      + HTMLPage.newline
  }
}

extension TerminalStyle.Role {
  /// The class that a page's style gives this colour; nil for text as it is.
  var className: String? {
    switch self {
    case .plain: nil
    case .strong: "strong"
    case .faint: "faint"
    case .good: "good"
    case .bad, .alarming: "bad"
    case .notable: "notable"
    case .active: "active"
    }
  }
}
