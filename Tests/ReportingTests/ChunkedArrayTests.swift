import Testing

@testable import Reporting

struct ChunkedArrayTests {
  @Test(arguments: [0, 1, 1023, 1024, 1025, 5000])
  func `a list in pieces is the list`(count: Int) {
    var list = ChunkedArray<Int>()
    for number in 0..<count { list.append(number) }
    #expect(Array(list) == Array(0..<count))
    for index in list.indices { list[index] += 1 }
    #expect(list.elementsEqual(1..<(count + 1)))
  }
}
