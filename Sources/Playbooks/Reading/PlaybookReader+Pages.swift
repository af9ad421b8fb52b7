import Diagnostics
import Expressions

/// What a `for-each` goes through.
extension PlaybookReader {
  /// The name of what the next page is read by, in the expressions of pages.
  private static let pageName = "next"

  mutating func readItems(_ node: YAMLNode) -> ForEach.Items? {
    if let entries = node.entries, Self.arePages(entries) {
      return .pages(readPages(entries, at: node.headLocation))
    }
    switch template(of: node) {
    case .expression(let expression): return .value(.expression(expression))
    case .list(let elements, let place): return .value(.list(elements, place))
    case .map(let fields, let place): return .value(.map(fields, place))
    case nil: return nil
    case .literal, .text:
      reportShape(
        of: node, "`for-each`", expected: "a list, a map or an expression",
        hint: "write `for-each: ${{ inputs.names }}` or `for-each: [a, b]`")
      return nil
    }
  }

  /// A map that names a call says how pages are read; any other is gone through.
  private static func arePages(_ entries: [YAMLNode.Entry]) -> Bool {
    entries.entry(of: "call") != nil
      || (entries.entry(of: "items") != nil && entries.entry(of: pageName) != nil)
  }

  private mutating func readPages(
    _ written: [YAMLNode.Entry], at start: SourceLocation
  ) -> Pages {
    let subject = "a `for-each` over pages"
    let entries = checkKeys(of: written, of: subject, known: PlaybookMapping.pages.keys)
    checkPageName(at: start)
    let around = remains
    remains = []
    defer { remains = around }
    let callNode = required("call", in: entries, of: subject, at: start)
    let call = callNode.flatMap { readCall($0, entries) }
    let modifiers = readModifiers(entries)
    let read = Step(
      kind: call.map { .call($0) } ?? .unreadable, modifiers: modifiers,
      location: callNode?.location ?? start, remains: remains)
    let items = required(
      "items", in: entries, of: subject, at: start,
      hint: "it is the list in a page: `items: ${{ answer.… }}`")
    let next = required(
      Self.pageName, in: entries, of: subject, at: start,
      hint: "it says which page follows, null after the last: `next: ${{ answer.… }}`")
    return Pages(
      read: read, items: items.flatMap { readPart($0, "items") },
      next: next.flatMap { readPart($0, Self.pageName) })
  }

  /// Nothing around the pages may have the name that their own expressions use.
  private mutating func checkPageName(at location: SourceLocation) {
    guard boundNames.contains(Self.pageName) else { return }
    report(
      .duplicateBoundName, "`\(Self.pageName)` already means something around these pages",
      at: location,
      hint: "it is what the next page is read by: choose another name for the one around")
  }

  /// What is taken from a page: an expression, since nothing else depends on its `answer`.
  private mutating func readPart(_ node: YAMLNode, _ key: String) -> Template? {
    guard let template = template(of: node) else { return nil }
    if case .expression = template { return template }
    var meant = "answer.…"
    if case .literal(.string(let text), _, _) = template { meant = text }
    report(
      .wrongType, "`\(key)` must be an expression, not \(node.kindName)", at: node.headLocation,
      hint: "write `\(key): ${{ \(meant) }}`")
    return nil
  }
}
