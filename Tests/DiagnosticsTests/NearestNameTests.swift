import Diagnostics
import Testing

@Suite struct NearestNameTests {
  private static let names = ["when", "with", "name", "timeout", "retry", "for-each", "x"]

  @Test(arguments: [
    ("wen", "when"), ("whn", "when"), ("When", "when"), ("nmae", "name"), ("timout", "timeout"),
    ("tiemuot", "timeout"), ("retyr", "retry"), ("foreach", "for-each"), ("wiht", "with"),
  ])
  func `a mistyped name finds its neighbour`(_ name: String, _ expected: String) {
    #expect(nearestName(to: name, among: Self.names) == expected)
    #expect(didYouMean(name, among: Self.names) == "did you mean `\(expected)`?")
  }

  @Test(arguments: ["", "y", "until", "nothing", "namespace", String(repeating: "x", count: 65)])
  func `a name with nothing near has no neighbour`(_ name: String) {
    #expect(nearestName(to: name, among: Self.names) == nil)
    #expect(didYouMean(name, among: Self.names) == nil)
  }

  @Test func `of two as near the first is taken`() {
    #expect(nearestName(to: "cart", among: ["card", "care"]) == "card")
  }
}

extension NearestNameTests {
  @Test func `a stricter bound leaves out what is only somewhat near`() {
    #expect(nearestName(to: "version", among: ["session"]) == "session")
    #expect(nearestName(to: "version", among: ["session"], within: 1) == nil)
    #expect(nearestName(to: "whne", among: ["when"], within: 1) == "when")
  }
}
