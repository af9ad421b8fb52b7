import Testing

@testable import Operations

@Suite struct RetryAfterTests {
  /// Sun, 06 Nov 1994 08:49:37 GMT.
  private static let now = Moment(nanoseconds: 784_111_777_000_000_000)

  @Test(
    arguments: [
      ("2", 2), ("  2  ", 2), ("0", 0), ("1.5", 2), ("1.0", 1), ("2, 3", 3), ("3,2", 3),
      ("99999999999999999999", 86_400), ("90000", 86_400),
      ("Sun, 06 Nov 1994 08:49:40 GMT", 3), ("Sunday, 06-Nov-94 08:49:40 GMT", 3),
      ("Sun Nov  6 08:49:40 1994", 3), ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
      ("Tue, 08 Nov 1994 08:49:37 GMT", 86_400),
      ("", nil), ("-5", nil), ("soon", nil), ("1.", nil), (".5", nil), ("1.2.3", nil), ("2,x", nil),
      (",", nil), ("1e3", nil),
    ] as [(String, Int?)])
  func `a pause is read in every form that services send`(text: String, seconds: Int?) {
    var response = APIResponse(status: 429, headers: [HTTPField("Retry-After", text)])
    response.receivedAt = Self.now
    #expect(RetryAfter.read(response) == seconds.map { .seconds($0) })
  }

  @Test func `a date counts from the date of the response, whatever the clock here shows`() {
    var response = APIResponse(
      status: 503,
      headers: [
        HTTPField("Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT"),
        HTTPField("Date", "Sun, 06 Nov 1994 08:49:35 GMT"),
      ])
    response.receivedAt = Self.now
    #expect(RetryAfter.read(response) == .seconds(5))
  }

  @Test func `a date without anything to compare it with is no pause`() {
    let response = APIResponse(
      status: 503, headers: [HTTPField("Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT")])
    #expect(RetryAfter.read(response) == nil)
  }
}
