import Playbooks

/// Writes a layout: two blanks for each level, at most one blank line in a row.
struct LayoutPrinter {
  /// The longest line that a list or map in brackets may make, in characters.
  static let width = 100
  private static let step = 2

  private var text = ""
  /// How many characters are on the last line.
  private var column = 0
  /// Whether a blank line would become part of the value above it.
  private var keepsBlanks = false

  /// `document` as text that ends with a line break.
  static func text(of document: LayoutDocument) -> String {
    var printer = LayoutPrinter()
    printer.print(document)
    return printer.text
  }

  private mutating func print(_ document: LayoutDocument) {
    print(document.header, at: 0, isFirst: true)
    if let below = document.belowMarker {
      print("---")
      endLine()
      print(below, at: 0, isFirst: true)
    }
    let above = document.belowMarker ?? document.header
    if document.followsBlank, !above.isEmpty { leaveBlank() }
    let root = document.root
    guard root.isCollection else {
      printScalar(root, at: 0, remark: nil)
      print(root.closing, at: 0, isFirst: false)
      return
    }
    if !root.properties.isEmpty {
      print(root.properties)
      endLine()
    }
    // The comments of the first entry are those of the file.
    printEntries(of: root, at: 0, begins: .onNewLine)
  }

  // MARK: Collections

  /// Where the first entry of a collection stands.
  private enum Beginning {
    case onNewLine
    /// Behind the dash of the element that it is.
    case behindDash
  }

  private mutating func printEntries(
    of node: LayoutNode, at indent: Int, begins: Beginning
  ) {
    for (index, entry) in node.entries.enumerated() {
      let isBehindDash = index == 0 && begins == .behindDash
      if !isBehindDash {
        let leading = Self.leading(of: entry, at: indent)
        print(leading, at: indent, isFirst: index == 0)
        if entry.followsBlank, index > 0 || !leading.isEmpty { leaveBlank() }
        self.indent(to: indent)
      }
      if let key = entry.key {
        printPair(key, entry, at: indent)
      } else {
        printElement(entry, at: indent)
      }
    }
    print(node.closing, at: indent, isFirst: node.entries.isEmpty)
  }

  private mutating func printPair(_ key: LayoutNode, _ entry: LayoutEntry, at indent: Int) {
    print(FlowText.key(key))
    print(":")
    guard let block = printInline(entry, at: indent) else { return }
    printRemark(entry.remark)
    endLine()
    printEntries(of: block, at: indent + Self.step, begins: .onNewLine)
  }

  private mutating func printElement(_ entry: LayoutEntry, at indent: Int) {
    print("-")
    guard let block = printInline(entry, at: indent) else { return }
    guard Self.isCompact(block) else {
      printRemark(entry.remark)
      endLine()
      return printEntries(of: block, at: indent + Self.step, begins: .onNewLine)
    }
    print(" ")
    printEntries(of: block, at: indent + Self.step, begins: .behindDash)
  }

  /// Prints what follows a key or a dash up to the end of the line; what has to stand below as a block
  /// is returned instead, with its properties printed.
  private mutating func printInline(_ entry: LayoutEntry, at indent: Int) -> LayoutNode? {
    let value = entry.value
    guard value.isCollection else {
      printScalar(value, at: indent, remark: entry.remark, behind: " ")
      print(value.closing, at: indent + Self.step, isFirst: true)
      return nil
    }
    if !value.properties.isEmpty { print(" \(value.properties)") }
    let room = value.entries.isEmpty ? 2 : Self.width - column - 1
    if value.isFlow, let line = FlowText.line(of: value, within: room) {
      print(" \(line)")
      printRemark(entry.remark)
      endLine()
      return nil
    }
    return value
  }

  /// Whether a block begins behind the dash of its element.
  private static func isCompact(_ node: LayoutNode) -> Bool { node.properties.isEmpty }

  /// The comments before an entry; those of an entry that begins behind its dash stand there, too.
  private static func leading(of entry: LayoutEntry, at indent: Int) -> [LayoutComment] {
    let value = entry.value
    guard entry.key == nil, isCompact(value), let first = value.entries.first,
      !value.isFlow || FlowText.line(of: value, within: width - indent - 2) == nil
    else { return entry.leading }
    let remark = value.isFlow ? entry.remark : nil
    return entry.leading + [remark].compactMap(\.self) + leading(of: first, at: indent + step)
  }

  // MARK: Scalars

  private mutating func printScalar(
    _ node: LayoutNode, at indent: Int, remark: LayoutComment?, behind blank: String = ""
  ) {
    if !node.properties.isEmpty { print(blank + node.properties) }
    let blank = node.properties.isEmpty ? blank : " "
    switch node.content {
    case .alias(let name): print("\(blank)*\(name)")
    case .scalar(let scalar) where scalar.isBlock:
      print(blank + scalar.header)
      printRemark(remark)
      endLine()
      printLines(scalar.lines, at: indent + Self.step)
      keepsBlanks = scalar.chomping == "+"
      return
    case .scalar(let scalar):
      if let line = scalar.line {
        if !line.isEmpty { print(blank + line) }
      } else {
        print(blank + scalar.lines[0])
        endLine()
        printLines(Array(scalar.lines.dropFirst().dropLast()), at: indent + Self.step)
        self.indent(to: indent + Self.step)
        print(scalar.lines[scalar.lines.count - 1])
      }
    case .list, .map: break
    }
    printRemark(remark)
    endLine()
  }

  private mutating func printLines(_ lines: [String], at indent: Int) {
    for line in lines {
      if !line.isEmpty {
        self.indent(to: indent)
        print(line)
      }
      endLine()
    }
  }

  // MARK: Comments

  private mutating func print(_ comments: [LayoutComment], at indent: Int, isFirst: Bool) {
    for (index, comment) in comments.enumerated() {
      if comment.followsBlank, !(isFirst && index == 0) { leaveBlank() }
      self.indent(to: indent)
      print(comment.text)
      endLine()
    }
  }

  /// Prints a comment behind a value, as far from it as it was: comments of several lines may be aligned.
  private mutating func printRemark(_ comment: LayoutComment?) {
    guard let comment else { return }
    print(String(repeating: " ", count: max(1, comment.gap)) + comment.text)
  }

  // MARK: Text

  private mutating func print(_ string: String) {
    text += string
    keepsBlanks = false
    column += string.unicodeScalars.count
  }

  private mutating func indent(to column: Int) {
    print(String(repeating: " ", count: column))
  }

  private mutating func leaveBlank() {
    if !keepsBlanks { endLine() }
  }

  private mutating func endLine() {
    text += "\n"
    column = 0
  }
}

extension LayoutScalar {
  /// What begins a block scalar: `|` or `>`, its indentation where that cannot be seen, how it ends.
  fileprivate var header: String {
    let mark = style == .literal ? "|" : ">"
    return mark + (hidesIndentation ? "2" : "") + chomping
  }

  /// Whether a blank begins the first line with something on it, or one before it.
  private var hidesIndentation: Bool {
    for line in lines where !line.isEmpty {
      if line.first == " " || line.first == "\t" { return true }
      return false
    }
    return false
  }
}
