import Operations

/// The bars of a drawing that there is room for, of any number that is added: those that deserve a look, and
/// those that took longest.
struct BoundedBars: Sendable {
  private let limit: Int
  /// What has no end lasts until then.
  private let end: Moment
  private var notable: [TimelineDrawing.Bar] = []
  private var others: [TimelineDrawing.Bar] = []
  private var count = 0

  /// At most `limit` bars, half of them notable ones where there are more.
  init(limit: Int, end: Moment) {
    self.limit = limit
    self.end = end
  }

  mutating func add(_ bar: TimelineDrawing.Bar, isNotable: Bool) {
    count += 1
    if isNotable {
      notable.append(bar)
    } else {
      others.append(bar)
    }
    // Sorted now and then, so that a bar costs little.
    if notable.count > limit * 4 { notable = longest(notable, limit) }
    if others.count > limit * 4 { others = longest(others, limit) }
  }

  /// In the order they began.
  var sorted: [TimelineDrawing.Bar] {
    let others = longest(others, max(limit / 2, limit - notable.count))
    let notable = longest(notable, limit - others.count)
    return (notable + others).sorted { ($0.start, $0.label) < ($1.start, $1.label) }
  }

  /// Which bars are drawn, where not all are.
  func omission(of things: String) -> String? {
    let shown = min(limit, count)
    return shown < count
      ? "\(shown) of \(count) \(things) are drawn: the longest, and those that did not succeed."
      : nil
  }

  private func longest(_ bars: [TimelineDrawing.Bar], _ limit: Int) -> [TimelineDrawing.Bar] {
    guard bars.count > limit else { return bars }
    return Array(bars.sorted { duration($0) > duration($1) }.prefix(limit))
  }

  private func duration(_ bar: TimelineDrawing.Bar) -> Duration { (bar.end ?? end) - bar.start }
}
