import Testing

/// Whether a page is well-formed and can be used: its elements nest, headings follow each other, everything
/// that names another part names one that exists, and nothing is loaded from elsewhere.
///
/// It reads the markup that pages are written in, and not all of HTML.
struct PageCheck {
  private static let void: Set<Substring> = ["meta", "link", "input", "br"]

  /// What is wrong; empty for a good page.
  private(set) var flaws: [String] = []
  /// The names of the elements, in the order they begin.
  private(set) var elements: [Substring] = []
  private var open: [Substring] = []
  private var ids: [Substring] = []
  private var references: [Substring] = []

  init(_ page: String) {
    guard page.hasPrefix("<!DOCTYPE html>\n") else {
      flaws.append("no type of document")
      return
    }
    var rest = page.dropFirst("<!DOCTYPE html>\n".count)
    while let start = rest.unicodeScalars.firstIndex(of: "<") {
      checkText(rest[..<start])
      rest = rest[start...]
      guard let end = rest.unicodeScalars.firstIndex(of: ">") else {
        flaws.append("a tag does not end")
        return
      }
      let tag = rest.unicodeScalars[rest.unicodeScalars.index(after: start)..<end]
      rest = rest[rest.unicodeScalars.index(after: end)...]
      read(Substring(tag))
      if let last = open.last, ["style", "script"].contains(last),
        let close = rest.firstRange(of: "</\(last)")
      {
        rest = rest[close.lowerBound...]
      }
    }
    finish()
  }

  private mutating func read(_ tag: Substring) {
    if tag.hasPrefix("/") {
      let name = tag.dropFirst()
      if open.popLast() != name { flaws.append("</\(name)> is unexpected") }
      return
    }
    let name = tag.prefix { $0 != " " }
    elements.append(name)
    readAttributes(of: name, tag.dropFirst(name.count))
    if !Self.void.contains(name) { open.append(name) }
  }

  private mutating func readAttributes(of name: Substring, _ text: Substring) {
    var rest = text
    var names: Set<Substring> = []
    while let space = rest.first {
      guard space == " " else {
        flaws.append("<\(name)>: `\(rest.prefix(20))`")
        return
      }
      rest = rest.dropFirst()
      let attribute = rest.prefix { $0 != "=" && $0 != " " }
      rest = rest.dropFirst(attribute.count)
      var value: Substring = ""
      if rest.hasPrefix("=\"") {
        let inside = rest.dropFirst(2)
        value = inside.prefix { $0 != "\"" }
        rest = inside.dropFirst(value.count + 1)
      }
      if !names.insert(attribute).inserted { flaws.append("<\(name)>: two \(attribute)") }
      check(attribute, value, of: name)
    }
    if name == "th", !names.contains("scope") { flaws.append("a <th> without a scope") }
  }

  private mutating func check(_ attribute: Substring, _ value: Substring, of name: Substring) {
    switch attribute {
    case "id": ids.append(value)
    case "aria-labelledby": references += value.split(separator: " ")
    case "for": references.append(value)
    case "href" where value.hasPrefix("#"): references.append(value.dropFirst())
    case "href" where value == "data:,": break
    case "href", "src", "style": flaws.append("<\(name) \(attribute)=\(value)>")
    case _ where attribute.hasPrefix("on"): flaws.append("<\(name) \(attribute)>")
    case _: break
    }
  }

  private mutating func checkText(_ text: Substring) {
    var rest = text
    while let mark = rest.unicodeScalars.firstIndex(of: "&") {
      rest = rest[rest.unicodeScalars.index(after: mark)...]
      let entity = rest.prefix { $0 != ";" }
      if !["amp", "lt", "gt", "quot", "apos"].contains(entity) {
        flaws.append("&\(entity.prefix(9))")
      }
    }
  }

  private mutating func finish() {
    if let last = open.last { flaws.append("<\(last)> is not closed") }
    if Set(ids).count != ids.count { flaws.append("an id is there twice: \(ids)") }
    for reference in references where !ids.contains(reference) {
      flaws.append("nothing is called \(reference)")
    }
    let headings = elements.filter { $0.count == 2 && $0.hasPrefix("h") && $0 != "hr" }
    let levels = headings.compactMap { Int($0.dropFirst()) }
    if levels.first != 1 || levels.count(where: { $0 == 1 }) != 1 { flaws.append("not one h1") }
    for (level, next) in zip(levels, levels.dropFirst()) where next > level + 1 {
      flaws.append("h\(next) after h\(level)")
    }
    for landmark in ["header", "main", "footer"] where !elements.contains(Substring(landmark)) {
      flaws.append("no <\(landmark)>")
    }
  }
}
