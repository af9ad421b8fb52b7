package import Operations

/// Several due instants, of which the latest are known one by one.
package struct DueInstants: Sendable, Hashable {
  /// The most instants that are known one by one.
  package static let mostLatest = 1000

  /// Those before `latest`; nil when there are none.
  package var earlier: Range?
  /// The latest, in order, at most `mostLatest`.
  package var latest: [Moment]

  /// Several due instants in a row.
  package struct Range: Sendable, Hashable {
    /// The earliest.
    package var first: Moment
    /// The latest.
    package var last: Moment
    /// How many there are.
    package var count: Int

    /// `count` due instants from `first` to `last`.
    package init(first: Moment, last: Moment, count: Int) {
      self.first = first
      self.last = last
      self.count = count
    }
  }

  /// The due instants of `earlier` and then `latest`.
  package init(earlier: Range? = nil, latest: [Moment] = []) {
    self.earlier = earlier
    self.latest = latest
  }

  /// How many there are.
  package var count: Int { latest.count + (earlier?.count ?? 0) }
}
