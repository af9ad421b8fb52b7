package import Expressions

extension ForEach {
  /// What a `for-each` goes through.
  package enum Items: Sendable, Hashable {
    /// A list or map, or an expression that yields one when the loop begins.
    case value(Template)
    /// The elements of pages, all of which are read before the first round.
    case pages(Pages)
  }
}

/// The pages of a `for-each`: a call that reads one after another.
package struct Pages: Sendable, Hashable {
  /// The call, with the modifiers that each page has; its expressions know `next`.
  package var read: Step
  /// The elements of a page, from its `answer`; nil when it could not be read.
  package var items: Template?
  /// What `next` is for the page after it, null after the last; nil when it could not be read.
  package var next: Template?

  /// Pages that `read` gives; a nil `items` or `next` is a hole, which no plan has.
  package init(read: Step, items: Template?, next: Template?) {
    self.read = read
    self.items = items
    self.next = next
  }
}
