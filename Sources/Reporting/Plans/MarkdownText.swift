/// Text from outside in Markdown: always code, in which nothing is markup, a mention or a link.
enum MarkdownText {
  /// Where lines are that were left out.
  static let usualRest = "see the text output of `privirun plan`"
  private static let style = TerminalStyle()

  /// `text` as a code span (CommonMark 0.31 §6.1), printable, on one line.
  static func code(_ text: String) -> String {
    let text = style.printable(text)
    guard text.utf8.contains(where: { $0 != UInt8(ascii: " ") }) else { return "` `" }
    let ticks = String(repeating: "`", count: longestTicks(in: text) + 1)
    let isBounded = text.utf8.first == tick || text.utf8.last == tick
    return isBounded ? "\(ticks) \(text) \(ticks)" : ticks + text + ticks
  }

  /// `lines` as a fenced block (§4.5), whose fence is longer than any in them.
  static func block(_ lines: [String], language: String = "text") -> String {
    let longest = lines.map(longestTicks).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n" + lines.map { $0 + "\n" }.joined() + "\(fence)\n"
  }

  /// As many of `lines` as there is room for, as a fenced block; empty without lines.
  static func block(
    _ lines: [StyledLine], bytes: Int, language: String = "text", rest place: String = usualRest
  ) -> String {
    guard !lines.isEmpty else { return "" }
    let texts = fitting(lines.map { $0.rendered(style) }, bytes: bytes, rest: place)
    return block(texts, language: language)
  }

  /// `text` as code in a cell of a table, where a bar would end the cell (GFM §4.10).
  static func cell(_ text: String) -> String {
    code(style.printable(text).replacing("|", with: "\\u{7c}"))
  }

  /// A sentence of this program, in which what stands between backticks is code: nothing else in it is
  /// markup.
  static func sentence(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return code(text) }
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? code(String(part)) : plain(String(part))
    }.joined()
  }

  /// `text` with everything escaped that could be markup (CommonMark 0.31 §2.4), a mention or a link.
  static func plain(_ text: String) -> String {
    style.printable(text).unicodeScalars.reduce(into: "") { plain, scalar in
      switch scalar {
      case "@": plain += "&#64;"
      case ":": plain += "&#58;"
      case "(", ")", ",", ";", ".", "'", " ", "/", "%", "?": plain.unicodeScalars.append(scalar)
      case "!"..."~":
        let isWord = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        plain += isWord ? "" : "\\"
        plain.unicodeScalars.append(scalar)
      case _: plain.unicodeScalars.append(scalar)
      }
    }
  }

  /// As many of `lines` as there is room for, and how many more there are; `rest` says where those are.
  static func fitting(
    _ lines: [String], bytes: Int, rest place: String = usualRest
  ) -> [String] {
    var room = bytes
    let fitting = lines.prefix { line in
      room -= line.utf8.count + 1
      return room >= 0
    }
    let rest = lines.count - fitting.count
    return fitting + (rest > 0 ? ["… \(rest) more: \(place)"] : [])
  }

  /// As many lines of `text`, from its beginning, as fit into `bytes`.
  static func cut(_ text: String, to bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var room = bytes
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { line in
      room -= line.utf8.count + 1
      return room >= 0
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let tick = UInt8(ascii: "`")

  /// By bytes: a tick that is combined with another character is a tick all the same.
  private static func longestTicks(in text: String) -> Int {
    text.utf8.reduce((longest: 0, current: 0)) { runs, byte in
      let current = byte == tick ? runs.current + 1 : 0
      return (max(runs.longest, current), current)
    }.longest
  }
}
