/// Which elements of two sequences correspond.
struct SequenceAlignment: Sendable {
  /// One step through both sequences, by positions.
  enum Pair: Sendable, Hashable {
    case both(Int, Int)
    /// Only the first sequence has it.
    case first(Int)
    /// Only the second sequence has it.
    case second(Int)
  }

  /// A longest common subsequence takes time with the product of length and difference; of sequences
  /// with more elements than this together, only those that occur once in each are aligned.
  static let longest = 2000

  /// The positions of equal elements, both ascending.
  let equal: [(first: Int, second: Int)]

  private let counts: (first: Int, second: Int)

  /// Aligns equal elements in their order.
  init<Element: Hashable>(_ first: [Element], _ second: [Element]) {
    counts = (first.count, second.count)
    equal =
      first.count + second.count <= Self.longest
      ? Self.common(first, second) : Self.unique(first, second)
  }

  private static func common<Element: Hashable>(
    _ first: [Element], _ second: [Element]
  ) -> [(first: Int, second: Int)] {
    var (removed, inserted): (Set<Int>, Set<Int>) = ([], [])
    for change in second.difference(from: first) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    let kept = first.indices.filter { !removed.contains($0) }
    return zip(kept, second.indices.filter { !inserted.contains($0) }).map { ($0, $1) }
  }

  /// A longest ascending sequence of elements that occur once in each.
  private static func unique<Element: Hashable>(
    _ first: [Element], _ second: [Element]
  ) -> [(first: Int, second: Int)] {
    let places = once(second)
    let pairs = once(first).compactMap { element, offset in
      places[element].map { (first: offset, second: $0) }
    }.sorted { $0.first < $1.first }
    // The last pair of the best sequence of each length, and what comes before each pair (patience
    // sorting).
    var ends: [Int] = []
    var before: [Int?] = []
    for index in pairs.indices {
      let length = ends.partitioningIndex { pairs[$0].second > pairs[index].second }
      before.append(length > 0 ? ends[length - 1] : nil)
      if length == ends.count { ends.append(index) } else { ends[length] = index }
    }
    var longest: [(first: Int, second: Int)] = []
    var next = ends.last
    while let index = next {
      longest.append(pairs[index])
      next = before[index]
    }
    return longest.reversed()
  }

  /// The places of elements that occur once.
  private static func once<Element: Hashable>(_ elements: [Element]) -> [Element: Int] {
    let counts = elements.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return Dictionary(
      elements.enumerated().filter { counts[$0.element] == 1 }.map { ($0.element, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// All elements in order; those between two equal ones correspond by their positions there.
  var pairs: [Pair] {
    var pairs: [Pair] = []
    var (first, second) = (0, 0)
    for next in equal + [(counts.first, counts.second)] {
      while first < next.first, second < next.second {
        pairs.append(.both(first, second))
        (first, second) = (first + 1, second + 1)
      }
      pairs += (first..<next.first).map { .first($0) } + (second..<next.second).map { .second($0) }
      if next.first < counts.first { pairs.append(.both(next.first, next.second)) }
      (first, second) = (next.first + 1, next.second + 1)
    }
    return pairs
  }
}

extension [Int] {
  /// The first position whose element satisfies `isSecondPart`, which all behind it do, too.
  fileprivate func partitioningIndex(where isSecondPart: (Int) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
