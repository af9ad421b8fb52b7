/// A list that grows in pieces of a thousand elements.
///
/// An array that grows holds everything twice for a moment; in a run of thousands of tenants that
/// moment would be most of the memory.
package struct ChunkedArray<Element: Sendable & Hashable>: Sendable, Hashable {
  private static var chunkSize: Int { 1024 }

  private var chunks: [[Element]] = []

  /// A list without elements.
  package init() {}

  /// Adds `element` at the end.
  package mutating func append(_ element: Element) {
    if count.isMultiple(of: Self.chunkSize) {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkSize)
    }
    chunks[chunks.count - 1].append(element)
  }
}

extension ChunkedArray: RandomAccessCollection, MutableCollection {
  /// Always 0.
  package var startIndex: Int { 0 }

  /// The number of elements.
  package var endIndex: Int {
    guard let last = chunks.last else { return 0 }
    return (chunks.count - 1) * Self.chunkSize + last.count
  }

  /// The element at `index`, which must be in the list.
  package subscript(index: Int) -> Element {
    get { chunks[index / Self.chunkSize][index % Self.chunkSize] }
    _modify { yield &chunks[index / Self.chunkSize][index % Self.chunkSize] }
  }
}
