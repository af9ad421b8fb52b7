import Diagnostics
import Testing

@Suite struct SourceLocationTests {
  @Test func `a place moves along its line`() {
    let place = SourceLocation(file: "a.yaml", line: 3, column: 5, length: 7)
    #expect(
      place.advanced(by: 4, length: 2)
        == SourceLocation(file: "a.yaml", line: 3, column: 9, length: 2))
    #expect(place.description == "a.yaml:3:5")
  }

  @Test func `a place is at least one scalar long`() {
    #expect(SourceLocation(file: "a", line: 1, column: 1, length: 0).length == 1)
  }

  @Test func `texts of two readings are put together`() {
    var first = SourceTexts()
    first["a"] = "1"
    var second = SourceTexts()
    second["b"] = "2"
    first.merge(second)
    #expect(first["a"] == "1" && first["b"] == "2" && first["c"] == nil)
  }
}
