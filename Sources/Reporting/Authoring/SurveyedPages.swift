package import Expressions

/// The pages of the data that a survey has read so far, and which it reads next.
package struct SurveyedPages: Sendable, Hashable {
  private static let firstCount = 2
  private static let largestCount = 32
  /// A service that lists so many pages with few rows is not read any further.
  private static let mostPages = 1000

  /// With more rows than this the data is not described; 0 reads none.
  let limit: Int
  /// The pages before the last one, which is empty or the one before it again.
  private(set) var all: [Value] = []
  private var rowCount = 0
  private var isOver = false

  /// No pages yet, of data that is described up to so many rows.
  package init(limit: Int) {
    self.limit = limit
  }

  /// Whether there are more rows than are described.
  var isTooMany: Bool { rowCount > limit || all.count >= Self.mostPages }

  /// The numbers of the pages to read next, from 1; empty when nothing is left to read.
  package var next: [Int] {
    guard limit > 0, !isOver, !isTooMany else { return [] }
    let count = min(max(Self.firstCount, 2 * all.count), Self.largestCount)
    return Array(all.count + 1...all.count + count)
  }

  /// Adds the pages in the outputs of a survey that was given `next`.
  package mutating func add(_ outputs: ValueMap) {
    guard case .list(let pages)? = outputs[TenantSurvey.pagesOutput], !pages.isEmpty else {
      isOver = true
      return
    }
    for page in pages where !isOver {
      let rows = page[field: "tokens"]?.records ?? []
      guard !rows.isEmpty, page != all.last else {
        isOver = true
        // A first page without a list says that there is none.
        if all.isEmpty { all = [page] }
        return
      }
      all.append(page)
      rowCount += rows.count
    }
  }
}
