/// A regular expression as instructions that many threads run side by side.
struct PatternProgram {
  enum Instruction: Hashable {
    /// Goes on if the next scalar is in the set.
    case take(ScalarSet)
    /// Goes on if the place fits.
    case check(PatternNode.Assertion)
    /// Goes on at both places, counted from this instruction.
    case fork(Int, Int)
    /// Goes on elsewhere, counted from this instruction.
    case jump(Int)
    case match
  }

  private(set) var instructions: [Instruction] = []
  /// How many nodes were added, repetitions counted; a node may add no instruction.
  private var nodeCount = 0

  init(_ node: PatternNode) throws(EvaluationFailure) {
    try add(node)
    instructions.append(.match)
  }

  private mutating func add(_ node: PatternNode) throws(EvaluationFailure) {
    nodeCount += 1
    guard nodeCount <= Pattern.programLimit else { throw Self.tooLarge }
    switch node {
    case .scalar(let set): try append(.take(set))
    case .assertion(let assertion): try append(.check(assertion))
    case .sequence(let nodes):
      for node in nodes { try add(node) }
    case .choice(let nodes): try add(choiceOf: nodes)
    case .repetition(let node, let least, let most):
      for _ in 0..<least { try add(node) }
      guard let most else { return try addLoop(node) }
      for _ in least..<most { try addOption(node) }
    }
  }

  private mutating func append(_ instruction: Instruction) throws(EvaluationFailure) {
    guard instructions.count < Pattern.programLimit else { throw Self.tooLarge }
    instructions.append(instruction)
  }

  private static let tooLarge = EvaluationFailure(
    "the pattern is too large", hint: "use smaller numbers in `{n,m}`")

  private mutating func add(choiceOf nodes: [PatternNode]) throws(EvaluationFailure) {
    var exits: [Int] = []
    for node in nodes.dropLast() {
      let fork = instructions.count
      try append(.fork(1, 0))
      try add(node)
      exits.append(instructions.count)
      try append(.jump(0))
      instructions[fork] = .fork(1, instructions.count - fork)
    }
    if let last = nodes.last { try add(last) }
    for exit in exits { instructions[exit] = .jump(instructions.count - exit) }
  }

  private mutating func addLoop(_ node: PatternNode) throws(EvaluationFailure) {
    let fork = instructions.count
    try append(.fork(1, 0))
    try add(node)
    try append(.jump(fork - instructions.count))
    instructions[fork] = .fork(1, instructions.count - fork)
  }

  private mutating func addOption(_ node: PatternNode) throws(EvaluationFailure) {
    let fork = instructions.count
    try append(.fork(1, 0))
    try add(node)
    instructions[fork] = .fork(1, instructions.count - fork)
  }
}

/// Where all threads of a program stand in a text.
struct PatternThreads {
  private(set) var hasMatched = false

  private let instructions: [PatternProgram.Instruction]
  /// The `take` instructions that wait for the next scalar.
  private var waiting: [Int] = []
  /// The places to go on from once the next scalar is known.
  private var passed: [Int] = []
  /// The round in which each instruction was last reached, so that none is twice in one.
  private var lastRound: [Int]
  private var round = 0
  /// How many instructions were tried since they were last taken off.
  private(set) var work = 0

  init(_ program: PatternProgram) {
    instructions = program.instructions
    lastRound = Array(repeating: 0, count: instructions.count)
  }

  /// Moves every thread, and a new one from the beginning, up to its next `take`.
  mutating func start(between previous: Unicode.Scalar?, _ next: Unicode.Scalar?) {
    round += 1
    waiting.removeAll(keepingCapacity: true)
    var pending = passed + [0]
    while let position = pending.popLast() {
      guard lastRound[position] != round else { continue }
      lastRound[position] = round
      work += 1
      switch instructions[position] {
      case .take: waiting.append(position)
      case .check(let assertion):
        if assertion.holds(between: previous, next) { pending.append(position + 1) }
      case .fork(let first, let second): pending += [position + first, position + second]
      case .jump(let distance): pending.append(position + distance)
      case .match: hasMatched = true
      }
    }
  }

  /// Keeps the threads that take `scalar`.
  mutating func advance(over scalar: Unicode.Scalar) {
    passed.removeAll(keepingCapacity: true)
    for position in waiting {
      guard case .take(let set) = instructions[position], set.contains(scalar) else { continue }
      passed.append(position + 1)
    }
  }

  /// Takes off the instructions tried so far, except a rest of fewer than 16.
  mutating func takeWork() -> Int {
    let taken = work - work % 16
    work -= taken
    return taken
  }
}
