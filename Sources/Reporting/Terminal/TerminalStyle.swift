/// How texts for people look: with or without colour, with or without characters beyond ASCII.
package struct TerminalStyle: Sendable, Hashable {
  /// Whether texts contain escape sequences for colours.
  package enum Color: Sendable, Hashable {
    case none
    /// The eight colours that every terminal and theme has (ECMA-48 SGR).
    case ansi
  }

  /// Which characters stand for outcomes, progress and what was cut.
  package enum Symbols: Sendable, Hashable {
    case unicode
    case ascii
  }

  /// The colours that `paint` uses.
  package var color: Color
  /// The characters that `choose` and `printable` allow.
  package var symbols: Symbols

  /// A style without colours and with Unicode symbols, unless others are given.
  package init(color: Color = .none, symbols: Symbols = .unicode) {
    self.color = color
    self.symbols = symbols
  }

  /// The style that the process's environment asks for.
  ///
  /// `NO_COLOR` (https://no-color.org), a dumb terminal and `allowsColor` false turn colours off; a
  /// locale that names no UTF-8 turns symbols off.
  package init(environment: [String: String], allowsColor: Bool) {
    let refusesColor = environment["NO_COLOR"]?.isEmpty == false || Self.isDumb(environment)
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    let charset = (locale ?? "").lowercased()
    self.init(
      color: allowsColor && !refusesColor ? .ansi : .none,
      symbols: charset.contains("utf-8") || charset.contains("utf8") ? .unicode : .ascii)
  }

  /// Whether the terminal understands no escape sequences: `TERM` is `dumb`, empty or not set.
  package static func isDumb(_ environment: [String: String]) -> Bool {
    ["", "dumb"].contains(environment["TERM"] ?? "")
  }

  /// What a piece of text means, from which its colour follows.
  enum Role: Sendable, Hashable {
    case plain
    case strong
    case faint
    case good
    case bad
    case alarming
    case notable
    case active

    fileprivate var code: String? {
      switch self {
      case .plain: nil
      case .strong: "1"
      case .faint: "2"
      case .good: "32"
      case .bad: "31"
      case .alarming: "1;31"
      case .notable: "33"
      case .active: "36"
      }
    }
  }

  /// `text` in the colour of `role`.
  func paint(_ text: String, _ role: Role) -> String {
    guard color == .ansi, let code = role.code, !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  /// The Unicode text, or its ASCII stand-in.
  func choose(_ unicode: String, _ ascii: String) -> String {
    switch symbols {
    case .unicode: unicode
    case .ascii: ascii
    }
  }
}
