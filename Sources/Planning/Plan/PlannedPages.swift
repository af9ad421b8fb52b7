import Diagnostics
package import Expressions
import Playbooks

extension PlannedLoop {
  /// What a loop goes through.
  package enum Items: Sendable, Hashable {
    /// A list or map, or an expression that yields one when the loop begins.
    case value(Template)
    /// The elements of pages, all of which are read before the first round.
    case pages(PlannedPages)
  }

  /// The pages that are read before its rounds; nil for a loop over a value.
  package var pages: PlannedPages? {
    if case .pages(let pages) = items { pages } else { nil }
  }

  /// The step that reads the first page; none for a loop over a value.
  package var reads: [PlannedStep] { pages.map { [$0.step(ofPage: 1)] } ?? [] }
}

/// The pages of a `for-each`: a read for each, one after another.
package struct PlannedPages: Sendable, Hashable {
  private static let idPrefix = "page-"
  /// The name of what a page is read by, in the expressions of its call.
  package static let nextName = "next"
  /// The name of what a page holds, in `items` and `next`.
  package static let answerName = "answer"

  /// The call of an operation without effect, whose arguments know `next`.
  private let read: PlannedStep
  /// The list of a page's elements, from its `answer`.
  package let items: Template
  /// What the page after it is read by, null after the last.
  package let next: Template

  /// Pages that `read` gives, which calls an operation that only reads.
  package init(read: PlannedStep, items: Template, next: Template) {
    self.read = read
    self.items = items
    self.next = next
  }

  /// The step that reads the page `number`, from 1.
  package func step(ofPage number: Int) -> PlannedStep {
    var step = read
    step.id = Self.idPrefix + String(number)
    step.title = step.id
    return step
  }

  /// The step that reads a page, by its id; nil for another id.
  package func step(named id: String) -> PlannedStep? {
    guard id.hasPrefix(Self.idPrefix), let number = Int(id.dropFirst(Self.idPrefix.count)) else {
      return nil
    }
    return step(ofPage: number)
  }
}
