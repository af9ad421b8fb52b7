import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// The pages of a loop.
extension PlaybookChecker {
  /// The call knows `next`; what is taken from a page knows its `answer`, too.
  mutating func check(
    _ pages: Pages, of loop: ForEach, in scope: NameScope
  ) -> (PlannedPages?, Elements) {
    let operation = pages.call.flatMap { api.operations[$0.operation.value] }
    let answer = operation.map { InferredValue($0) } ?? .nothing
    var inside = scope.binding(PlannedPages.answerName, answer)
      .binding(PlannedPages.nextName, .nothing)
    // What `next` is depends on what it was for the page before.
    let taint = pages.next.map { self.taint(of: $0, in: inside) } ?? .open
    let next = InferredValue(.dyn, taint)
    inside = inside.binding(PlannedPages.nextName, next)
    let read = check(pages.read, number: 1, in: scope.binding(PlannedPages.nextName, next))
    let isRead = checkIsRead(pages)
    checkUse(of: pages)
    let elements = pages.items.map { self.elements(of: $0, in: inside) } ?? .nothing
    if let next = pages.next { check(next, in: inside) }
    if let key = loop.key {
      report(
        .wrongType, "`key` goes with a map, and pages hold lists", at: key.location,
        hint: "the number of a round is its `index`")
    }
    guard let read, isRead, let items = pages.items, let next = pages.next else {
      return (nil, elements)
    }
    return (PlannedPages(read: read, items: items, next: next), elements)
  }

  private mutating func elements(of items: Template, in scope: NameScope) -> Elements {
    let (_, taint) = elementTaint(of: items, in: scope)
    let type = check(items, in: scope)
    switch type {
    case .list(let element): return Elements(key: .nothing, value: InferredValue(element, taint))
    case .dyn, .unavailable: return Elements(key: .nothing, value: InferredValue(.dyn, taint))
    case .null, .bool, .int, .uint, .double, .string, .bytes, .map, .object, .timestamp, .duration,
      .type, .attribute:
      report(
        .wrongType, "`items` must be the list in a page, not \(type.phrase)", at: items.location)
      return .nothing
    }
  }

  /// All pages are read before the first round, in a plan and again after a failure: nothing may come
  /// of that.
  private mutating func checkIsRead(_ pages: Pages) -> Bool {
    guard let name = pages.call?.operation else { return true }
    if let operation = api.operations[name.value] {
      guard operation.hasEffect else { return true }
      report(
        .notARead, "pages are only read, and `\(name.value)` is more than a read",
        at: name.location, hint: "call it in a step of the loop")
      return false
    }
    guard LocalAction(rawValue: name.value) != nil else { return true }
    report(
      .notARead, "pages are read by a call of the API, and `\(name.value)` is none",
      at: name.location, hint: "call it in a step before the loop, and go through its result")
    return false
  }

  /// Warns of a call that asks for the same page again and again.
  private mutating func checkUse(of pages: Pages) {
    guard let call = pages.call, call.hasAllArguments, let next = pages.next else { return }
    let arguments = call.arguments.values.compactMap(\.value)
    guard arguments.count == call.arguments.count,
      arguments.allSatisfy({ $0.references(to: PlannedPages.nextName).isEmpty })
    else { return }
    report([
      Diagnostic(
        .unusedName, "nothing under `with` uses `next`, so that each request reads the same page",
        at: next.location, hint: "give it to the field that says which page: `${{ next }}`",
        severity: .warning)
    ])
  }
}

extension Pages {
  /// The call that reads a page; nil when it could not be read.
  fileprivate var call: Call? {
    if case .call(let call) = read.kind { call } else { nil }
  }
}
