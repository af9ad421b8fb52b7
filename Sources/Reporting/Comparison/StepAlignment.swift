import Events

/// Which steps of two runs correspond.
///
/// Where both runs follow the same plan, those with the same path do. Otherwise steps correspond by
/// their ids; steps without one, and renamed ones, by what they are and their order; steps that are now
/// in another group, by what they are. Rounds correspond by their elements.
struct StepAlignment: Sendable {
  /// A step, round or branch, as an index into the nodes of its tree.
  enum Pair: Sendable, Hashable {
    case both(Int, Int)
    /// Only the first run has it, and all below it that is in no other pair.
    case first(Int)
    /// Only the second run has it, and all below it that is in no other pair.
    case second(Int)
  }

  let from: RunTree
  let to: RunTree
  /// The nodes of the second run by those of the first.
  private(set) var seconds: [Int: Int] = [:]
  /// The nodes of the first run by those of the second.
  private(set) var firsts: [Int: Int] = [:]

  init(_ from: RunTree, _ to: RunTree) {
    self.from = from
    self.to = to
    align(from.roots, to.roots)
    if !isSamePlan { alignMoved() }
  }

  private var isSamePlan: Bool {
    guard let first = from.overview.start, let second = to.overview.start else { return false }
    return first.planDigest == second.planDigest
  }

  /// Whether a pair does not stand in the same group in both runs.
  func isMoved(_ first: Int, _ second: Int) -> Bool {
    switch (from.parent(of: first), to.parent(of: second)) {
    case (nil, nil): false
    case (let before?, let after?): seconds[before] != after
    case (_?, nil), (nil, _?): true
    }
  }

  private mutating func pair(_ first: Int, _ second: Int) {
    seconds[first] = second
    firsts[second] = first
    align(from.nodes[first].children, to.nodes[second].children)
  }

  /// Pairs the children of two nodes, and what is below them.
  private mutating func align(_ first: [Int], _ second: [Int]) {
    guard !first.isEmpty, !second.isEmpty else { return }
    alignByName(first, second)
    alignRounds(first, second)
    guard !isSamePlan else { return }
    alignAlike(first, second) { StepLikeness($0, .exact) }
    alignAlike(first, second) { StepLikeness($0, .loose) }
    alignByID(first, second)
  }

  /// Pairs branches, `rescue`, `always`, and steps whose id the author gave or whose plan is the same.
  private mutating func alignByName(_ first: [Int], _ second: [Int]) {
    let isSamePlan = isSamePlan
    func name(_ node: StepNode) -> StepPath.Component? {
      switch node.path.components.last {
      case .step(let id): isSamePlan || !StepLikeness.isAutomatic(id) ? .step(id) : nil
      case .branch, .rescue, .always, .undo: node.path.components.last
      case .iteration, nil: nil
      }
    }
    var named: [StepPath.Component: Int] = [:]
    for node in second { if let name = name(to.nodes[node]) { named[name] = node } }
    for node in first {
      if let other = name(from.nodes[node]).flatMap({ named[$0] }) { pair(node, other) }
    }
  }

  /// Pairs steps that are alike, in their order, those that are paired already included.
  private mutating func alignAlike(
    _ first: [Int], _ second: [Int], _ likeness: (StepNode) -> StepLikeness?
  ) {
    guard first.contains(where: { seconds[$0] == nil }),
      second.contains(where: { firsts[$0] == nil })
    else { return }
    func known(_ nodes: [Int], _ likeness: (Int) -> StepLikeness?) -> [(Int, StepLikeness)] {
      nodes.compactMap { node in likeness(node).map { (node, $0) } }
    }
    let olds = known(first) { seconds[$0] == nil ? likeness(from.nodes[$0]) : .paired($0) }
    let news = known(second) { firsts[$0].map { .paired($0) } ?? likeness(to.nodes[$0]) }
    let alignment = SequenceAlignment(olds.map(\.1), news.map(\.1))
    for (old, new) in alignment.equal where seconds[olds[old].0] == nil {
      pair(olds[old].0, news[new].0)
    }
  }

  /// Pairs steps of the same id that are alike, or of which little is recorded.
  private mutating func alignByID(_ first: [Int], _ second: [Int]) {
    var named: [StepPath.Component: Int] = [:]
    for node in second where firsts[node] == nil {
      if let component = to.nodes[node].path.components.last { named[component] = node }
    }
    for node in first where seconds[node] == nil && from.nodes[node].round == nil {
      guard let other = from.nodes[node].path.components.last.flatMap({ named[$0] }) else {
        continue
      }
      let likeness = StepLikeness(from.nodes[node], .loose)
      let otherLikeness = StepLikeness(to.nodes[other], .loose)
      guard likeness == otherLikeness || likeness == nil || otherLikeness == nil else { continue }
      pair(node, other)
    }
  }

  /// Pairs rounds of the same element; the others by their index where no element is in both runs, or
  /// one of the two has an unknown element.
  private mutating func alignRounds(_ first: [Int], _ second: [Int]) {
    let olds = from.rounds(first)
    let news = to.rounds(second)
    guard !olds.isEmpty, !news.isEmpty else { return }
    var byElement: [String: ArraySlice<Int>] = [:]
    for node in news {
      if let element = to.nodes[node].element { byElement[element, default: []].append(node) }
    }
    for node in olds {
      guard let element = from.nodes[node].element, let other = byElement[element]?.popFirst()
      else { continue }
      pair(node, other)
    }
    let sharesElements = olds.contains { seconds[$0] != nil }
    let byIndex = Dictionary(
      news.filter { firsts[$0] == nil }.map { (to.nodes[$0].round, $0) }, uniquingKeysWith: { $1 })
    for node in olds where seconds[node] == nil {
      guard let other = byIndex[from.nodes[node].round] else { continue }
      let isUnknown = from.nodes[node].element == nil || to.nodes[other].element == nil
      if isUnknown || !sharesElements { pair(node, other) }
    }
  }

  /// Pairs steps that are in another group now, where what they are occurs once among what is left.
  private mutating func alignMoved() {
    let olds = Self.unique(in: from) { seconds[$0] == nil }
    let news = Self.unique(in: to) { firsts[$0] == nil }
    for (likeness, old) in olds.sorted(by: { $0.value < $1.value }) where seconds[old] == nil {
      guard let new = news[likeness], firsts[new] == nil else { continue }
      pair(old, new)
    }
  }

  private static func unique(
    in tree: RunTree, _ isLeft: (Int) -> Bool
  ) -> [MovedStep: Int] {
    var found: [MovedStep: Int?] = [:]
    for node in tree.nodes.indices where isLeft(node) {
      guard let step = MovedStep(node, in: tree) else { continue }
      found[step] = found[step] == nil ? .some(node) : .some(nil)
    }
    return found.compactMapValues { $0 }
  }
}

/// All pairs in an order to be read in.
extension StepAlignment {
  /// Each pair before those below it, in the order of the second run; what only the first run has follows
  /// what it followed there.
  var pairs: [Pair] {
    var pairs: [Pair] = []
    collect(from.roots, to.roots, into: &pairs)
    return pairs
  }

  private func collect(_ first: [Int], _ second: [Int], into pairs: inout [Pair]) {
    let here = Set(second)
    var (followers, latest): ([Int?: [Pair]], Int?) = ([:], nil)
    for node in from.inOrder(first) {
      if let other = seconds[node] {
        latest = here.contains(other) ? other : latest
      } else {
        followers[latest, default: []].append(.first(node))
      }
    }
    pairs += followers[nil] ?? []
    for node in to.inOrder(second) {
      collect(node, into: &pairs)
      pairs += followers[node] ?? []
    }
  }

  private func collect(_ node: Int, into pairs: inout [Pair]) {
    guard let other = firsts[node] else {
      pairs.append(.second(node))
      collectMoved(below: node, into: &pairs)
      return
    }
    pairs.append(.both(other, node))
    collect(from.nodes[other].children, to.nodes[node].children, into: &pairs)
  }

  /// Below what only the second run has, only what comes from elsewhere in the first is a pair.
  private func collectMoved(below node: Int, into pairs: inout [Pair]) {
    for child in to.nodes[node].children {
      if firsts[child] == nil {
        collectMoved(below: child, into: &pairs)
      } else {
        collect(child, into: &pairs)
      }
    }
  }
}
