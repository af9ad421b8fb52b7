import Events
import Testing

@testable import Reporting

@Suite struct StepAlignmentTests {
  /// The pairs of two drawn runs of different plans.
  private static func pairs(_ first: String, _ second: String, plan: String = "q") -> [String] {
    let alignment = StepAlignment(DrawnRun(first).tree, DrawnRun(second, plan: plan).tree)
    return alignment.pairs.map { pair in
      func from(_ index: Int) -> String { alignment.from.nodes[index].path.description }
      func to(_ index: Int) -> String { alignment.to.nodes[index].path.description }
      switch pair {
      case .first(let index): return "- \(from(index))"
      case .second(let index): return "+ \(to(index))"
      case .both(let first, let second):
        let moves = alignment.isMoved(first, second) ? " moved" : ""
        return from(first) == to(second)
          ? to(second) + moves : "\(from(first)) = \(to(second))\(moves)"
      }
    }
  }

  @Test(arguments: [
    ("", "", []),
    ("", "a call x", ["+ a"]),
    ("a call x", "", ["- a"]),
    ("a call x\nb call y\nc call z", "a call x\nc call z", ["a", "- b", "c"]),
    ("a call x\nc call z", "a call x\nb call y\nc call z", ["a", "+ b", "c"]),
    // Ids count more than order and more than what is called.
    ("a call x\nb call y", "b call y\na call z", ["b", "a"]),
    // A step without an id is called by its place.
    (
      "step-1 call x\nstep-2 call y", "step-1 call new\nstep-2 call x\nstep-3 call y",
      ["+ step-1", "step-1 = step-2", "step-2 = step-3"]
    ),
    (
      "step-1 call x\nstep-2 call x\nb call y", "step-1 call x\nb call y\nstep-3 call x",
      ["step-1", "b", "step-2 = step-3"]
    ),
    // The name that an author gave decides between steps that call the same.
    (
      "step-1 call x #one\nstep-2 call x #two", "step-1 call x #two\nstep-2 call x #one",
      ["step-2 = step-1", "step-1 = step-2"]
    ),
    // A renamed step is known by what it calls.
    ("old call x\nb call y", "new call x\nb call y", ["old = new", "b"]),
    ("old call x\nb call y", "new call z\nb call y", ["- old", "+ new", "b"]),
    ("step-1 call x #one", "step-1 call x #two", ["step-1"]),
  ])
  func `steps correspond by their ids, and others by what they are`(
    first: String, second: String, expected: [String]
  ) {
    #expect(Self.pairs(first, second) == expected)
  }

  @Test func `in the same plan steps correspond by their paths alone`() {
    let pairs = Self.pairs("step-1 call x", "step-1 call y\nstep-2 call x", plan: "p")
    #expect(pairs == ["step-1", "+ step-2"])
  }

  private static let loop = "l for-each store\n  [0] a\n    d call x\n  [1] b\n    d call x"

  @Test(arguments: [
    (
      "l for-each store\n  [0] b\n    d call x\n  [1] c\n    d call x",
      ["l", "- l[0]", "l[1] = l[0]", "l[1]/d = l[0]/d", "+ l[1]"]
    ),
    // Where no element is in both, the runs were made for different elements.
    (
      "l for-each store\n  [0] y\n    d call x\n  [1] z\n    d call x",
      ["l", "l[0]", "l[0]/d", "l[1]", "l[1]/d"]
    ),
    // Where an element is not recorded, the index is all there is.
    (
      "l for-each store\n  [0]\n    d call x\n  [1] b\n    d call x\n  [2]\n    d call x",
      ["l", "l[0]", "l[0]/d", "l[1]", "l[1]/d", "+ l[2]"]
    ),
    // The same element twice.
    (
      "l for-each store\n  [0] a\n    d call x\n  [1] a\n    d call x",
      ["l", "l[0]", "l[0]/d", "- l[1]", "+ l[1]"]
    ),
    ("l for-each store skipped", ["l", "- l[0]", "- l[1]"]),
  ])
  func `rounds correspond by their elements, and others by their indices`(
    second: String, expected: [String]
  ) {
    #expect(Self.pairs(Self.loop, second) == expected)
    #expect(Self.pairs(Self.loop, second, plan: "p") == expected)
  }

  @Test func `branches, rescue and always correspond by their names`() {
    let first = "p parallel\n  .left\n    a call x\n  .right\n    a call x\n  always\n    c call z"
    let second =
      "p parallel\n  .right\n    a call x\n  rescue\n    mend call m\n  always\n    c call z"
    #expect(
      Self.pairs(first, second) == [
        "p", "- p.left", "p.right", "p.right/a", "+ p/rescue", "p/always", "p/always/c",
      ])
  }

  @Test func `a step that is in another group now is found there`() {
    let first = "a call x\nb call y\nstep-3 call z\n  rescue\n    mend call m"
    let second = "g block\n  a call x\n  b call y\n  step-1 call z\n    rescue\n      mend call m"
    #expect(
      Self.pairs(first, second) == [
        "+ g", "a = g/a moved", "b = g/b moved", "step-3 = g/step-1 moved",
        "step-3/rescue = g/step-1/rescue", "step-3/rescue/mend = g/step-1/rescue/mend",
      ])
    #expect(
      Self.pairs(second, first) == [
        "- g", "g/a = a moved", "g/b = b moved", "g/step-1 = step-3 moved",
        "g/step-1/rescue = step-3/rescue", "g/step-1/rescue/mend = step-3/rescue/mend",
      ])
  }

  @Test func `a step is not taken for a moved one that occurs twice`() {
    let first = "g block\n  a call x\nh block\n  a call x"
    #expect(Self.pairs(first, "a call x") == ["- g", "- h", "+ a"])
  }

  @Test func `of long sequences, steps that occur once are aligned, and others by their ids`() {
    let alike = (1...SequenceAlignment.longest).map { "step-\($0) call x" }
    let (first, second) = (alike + ["step-3000 call y"], alike + ["step-3001 call y"])
    let pairs = Self.pairs(first.joined(separator: "\n"), second.joined(separator: "\n"))
    #expect(pairs.count == first.count)
    #expect(pairs.last == "step-3000 = step-3001")
  }

  @Test(arguments: [20, 3000], [0, 5, 19])
  func `long sequences of different elements are aligned like short ones`(count: Int, shift: Int) {
    // The last element of the first sequence comes first in the second.
    let (first, second) = (Array(0..<count), [count - 1, -1] + Array(shift..<(count - 1)))
    let equal = SequenceAlignment(first, second).equal
    let values = equal.map { first[$0.first] }
    let isExpected =
      shift == count - 1 ? values == [count - 1] : values == Array(second.dropFirst(2))
    #expect(isExpected)
    #expect(equal.allSatisfy { first[$0.first] == second[$0.second] })
  }
}
