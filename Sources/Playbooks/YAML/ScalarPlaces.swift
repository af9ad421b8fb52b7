import Diagnostics

/// Where the text of a scalar was written, though quotes, escapes and folding move it.
enum ScalarPlaces: Sendable, Hashable {
  /// On one line without gaps, `lead` columns after the beginning of the node.
  case contiguous(lead: Int)
  /// In several runs, by ascending offset.
  case runs([Run])

  /// Scalars that stand side by side, from `offset` of the text on.
  struct Run: Sendable, Hashable {
    var offset: Int
    var line: Int
    var column: Int
  }

  /// Where `offset` stands, for a node that begins at `start`.
  func location(of offset: Int, from start: SourceLocation) -> SourceLocation {
    switch self {
    case .contiguous(let lead): return start.advanced(by: lead + offset)
    case .runs(let runs):
      guard let run = Self.run(holding: offset, in: runs[...]) else { return start }
      let column = run.column + max(0, offset - run.offset)
      return SourceLocation(file: start.file, line: run.line, column: column)
    }
  }

  /// The last run that begins at or before `offset`, else the first.
  private static func run(holding offset: Int, in runs: ArraySlice<Run>) -> Run? {
    var low = runs.startIndex
    var high = runs.endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if runs[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    return low > runs.startIndex ? runs[low - 1] : runs.first
  }
}
