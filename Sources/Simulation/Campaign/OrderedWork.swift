/// Numbered pieces of work that several tasks do at once, and whose results count in their order.
struct OrderedWork<Result: Sendable>: Sendable {
  private let count: Int
  private let workers: Int
  private let work: @Sendable (Int) -> Result

  /// `count` pieces, done by at most `workers` tasks at a time.
  init(_ count: Int, workers: Int, _ work: @escaping @Sendable (Int) -> Result) {
    self.count = count
    self.workers = max(1, workers)
    self.work = work
  }

  /// The results up to the first that is `last`, all of them where none is.
  ///
  /// Which these are does not depend on the number of workers.
  func results(upTo isLast: (Result) -> Bool) async -> [Result] {
    var results: [Int: Result] = [:]
    var end = count
    await withTaskGroup(of: (Int, Result).self) { group in
      var next = 0
      func begin() {
        guard next < end else { return }
        let (number, work) = (next, work)
        next += 1
        group.addTask { (number, work(number)) }
      }
      for _ in 0..<workers { begin() }
      while let (number, result) = await group.next() {
        results[number] = result
        if isLast(result) { end = min(end, number + 1) }
        begin()
      }
    }
    return (0..<end).compactMap { results[$0] }
  }
}
