import Expressions
import Reporting
import Testing

@Suite("Pages of the data that a survey reads")
struct SurveyedPagesTests {
  /// A page whose rows have these tokens.
  private static func page(_ tokens: Range<Int>) -> Value {
    ["tokens": .list(tokens.map { ["token": .int(Int64($0))] })]
  }

  /// The pages that are asked for, one list for each survey, of a service that answers with `answer`.
  private static func read(limit: Int, _ answer: (Int) -> Value) -> [[Int]] {
    var pages = SurveyedPages(limit: limit)
    var asked: [[Int]] = []
    while !pages.next.isEmpty {
      asked.append(pages.next)
      pages.add(["pages": .list(pages.next.map(answer))])
    }
    return asked
  }

  @Test(arguments: [
    (0, [[1, 2]]), (20, [[1, 2]]), (21, [[1, 2], [3, 4, 5, 6]]),
    (120, [[1, 2], [3, 4, 5, 6], Array(7...18)]),
    (700, [[1, 2], [3, 4, 5, 6], Array(7...18), Array(19...50)]),
  ])
  func `pages are read until one is empty`(_ rows: Int, _ asked: [[Int]]) {
    let read = Self.read(limit: 1000) { number in
      Self.page(min((number - 1) * 20, rows)..<min(number * 20, rows))
    }
    #expect(read == asked)
  }

  @Test func `a service that has one page only gives it again and again`() {
    #expect(Self.read(limit: 1000) { _ in Self.page(0..<50) } == [[1, 2]])
  }

  @Test func `nothing more is read once there are more rows than are described`() {
    let read = Self.read(limit: 100) { Self.page($0 * 20..<($0 + 1) * 20) }
    #expect(read == [[1, 2], [3, 4, 5, 6]])
  }

  @Test func `a service without a list is asked once, and one whose data is not wanted never`() {
    #expect(Self.read(limit: 100) { _ in [:] } == [[1, 2]])
    #expect(Self.read(limit: 0) { _ in [:] } == [])
  }

  @Test func `a service whose pages never end is left`() {
    let count = Self.read(limit: 1_000_000) { Self.page($0..<$0 + 1) }.joined().count
    #expect((1000...1032).contains(count))
  }
}
