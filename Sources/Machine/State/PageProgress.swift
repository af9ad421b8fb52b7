import Events
import Expressions
import Planning
import Playbooks

/// How far the pages of a loop were read, in all its attempts: a page that was read stays so.
struct PageProgress: Sendable, Hashable {
  /// What follows the pages that were read.
  enum Rest: Sendable, Hashable {
    /// A page that is read by this value of `next`, null for the first.
    case page(next: Value)
    /// Nothing: the elements are complete.
    case nothing
    /// It is not known what the pages hold; only a plan has such pages.
    case unknown(Unknown)
  }

  /// What the pages hold, in their order.
  private(set) var elements: [Value] = []
  /// How many pages were read.
  private(set) var count = 0
  private(set) var rest = Rest.page(next: .null)
  /// What the pages after the first were read by: no value comes twice, or there would be no end.
  private var readBy: Set<Value> = []

  /// Takes in the page whose list is `items`, and by which value of `next` the page after it is read.
  ///
  /// Throws where it cannot be used; it is then as if it had not been read.
  mutating func add(
    _ items: Value, next: Value, of pages: PlannedPages, within limits: StepSettings
  ) throws(Failure) {
    if let unknown = items.unknown ?? next.unknown {
      rest = .unknown(unknown)
      return
    }
    let number = count + 1
    guard let list = LoopElements(of: items), list.keys == nil else {
      throw Failure(
        .expectation, "`items` of page \(number) is not a list", location: pages.items.location)
    }
    guard elements.count + list.count <= limits.iterationLimit else {
      throw Failure(
        .expectation,
        "the pages up to page \(number) have more than \(limits.iterationLimit) "
          + "elements, which is the limit", location: pages.items.location)
    }
    if next.revealed != .null {
      guard number < limits.pageLimit else {
        throw Failure(
          .expectation, "there are more than \(limits.pageLimit) pages, which is the limit",
          location: pages.next.location)
      }
      guard readBy.insert(next).inserted else {
        throw Failure(
          .expectation,
          "`next` of page \(number) is what a page before it was read by: the pages would not end",
          hint: "the last page must give null, and `with` must pass `next` to the service",
          location: pages.next.location)
      }
    }
    elements += list.values
    count = number
    rest = next.revealed == .null ? .nothing : .page(next: next)
  }
}

/// The pages of a loop while they are read.
struct PageReading: Sendable, Hashable {
  let loop: PlannedLoop
  let pages: PlannedPages
  /// What the expressions of the pages see.
  let scope: ScopeID
  let limits: StepSettings
}
