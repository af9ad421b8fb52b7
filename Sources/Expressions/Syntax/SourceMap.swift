import Diagnostics

/// Where each Unicode scalar of a text stands in the file it was read from.
///
/// Runs of neighbours are kept as one anchor, so the common case (one line, no escapes) costs one.
struct SourceMap: Sendable, Hashable {
  private struct Anchor: Sendable, Hashable {
    var offset: Int
    var location: SourceLocation
  }

  /// Ascending by offset; never empty; the first is at offset 0.
  private var anchors: [Anchor]

  /// A text that begins at `location`; after each newline it continues at column 1 of the next line.
  init(of text: String, startingAt location: SourceLocation) {
    anchors = [Anchor(offset: 0, location: location)]
    var line = location.line
    for (offset, scalar) in text.unicodeScalars.enumerated() where scalar == "\n" {
      line += 1
      let start = SourceLocation(file: location.file, line: line, column: 1)
      anchors.append(Anchor(offset: offset + 1, location: start))
    }
  }

  /// The scalars of `range`, each standing where `locate` says; offset 0 is the range's start.
  init(of range: Range<Int>, locate: (Int) -> SourceLocation) {
    var last = locate(range.lowerBound)
    anchors = [Anchor(offset: 0, location: last)]
    for offset in range.dropFirst() {
      let next = locate(offset)
      if next.line != last.line || next.column != last.column + 1 || next.file != last.file {
        anchors.append(Anchor(offset: offset - range.lowerBound, location: next))
      }
      last = next
    }
  }

  /// The place of `span`; a span over several lines is marked on its first.
  func location(of span: SourceSpan) -> SourceLocation {
    let start = place(span.offset)
    let end = place(span.offset + max(1, span.length) - 1)
    let sameLine = end.line == start.line && end.file == start.file
    let last = sameLine ? end : endOfFirstLine(of: span)
    let length = last.column - start.column + 1
    return SourceLocation(
      file: start.file, line: start.line, column: start.column, length: length)
  }

  private func place(_ offset: Int) -> SourceLocation {
    let anchor = anchors[index(before: offset)]
    return anchor.location.advanced(by: offset - anchor.offset)
  }

  /// The place of the last scalar on the line that `span` begins on, before the one that breaks it.
  private func endOfFirstLine(of span: SourceSpan) -> SourceLocation {
    let first = index(before: span.offset)
    let line = anchors[first].location.line
    let next = anchors[first...].first { $0.location.line != line }
    return place(max(span.offset, (next?.offset ?? 0) - 2))
  }

  /// The last anchor at or before `offset`, by halving.
  private func index(before offset: Int) -> Int {
    var low = 0
    var high = anchors.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if anchors[middle].offset <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

/// A stretch of an expression's text, in Unicode scalars from its start.
struct SourceSpan: Sendable, Hashable {
  var offset: Int
  var length: Int

  init(_ offset: Int, length: Int) {
    self.offset = offset
    self.length = length
  }

  /// Everything from the start of this to the end of `other`.
  func through(_ other: SourceSpan) -> SourceSpan {
    SourceSpan(offset, length: other.offset + other.length - offset)
  }
}
