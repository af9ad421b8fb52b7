import Expressions
import Operations
import Testing

@Suite struct TokenLifetimeTests {
  private static let now = Moment(nanoseconds: 1_777_636_800_000_000_000)  // 2026-05-01T12:00:00Z

  @Test(
    arguments: [
      (["expiresAt": "2026-05-01T12:01:00Z"], nil, .seconds(60)),
      (["expiresAt": "2026-05-01T14:01:00+02:00"], nil, .seconds(60)),
      (["expiresAt": "2026-05-01T12:01:00.5+00:00"], nil, .milliseconds(60_500)),
      (["expiresAt": "1777636860"], nil, .seconds(60)),
      (["expiresAt": 1_777_636_860], nil, .seconds(60)),
      // The answer's own clock counts, in any of the forms of HTTP.
      (["expiresAt": "2030-01-01T00:01:00Z"], "Tue, 01 Jan 2030 00:00:00 GMT", .seconds(60)),
      (["expiresAt": "2030-01-01T00:01:00Z"], "Tue Jan  1 00:00:00 2030", .seconds(60)),
      (["expiresAt": "2026-05-01T12:01:00Z"], "yesterday", .seconds(60)),
      (["expiresIn": 3600], "Tue, 01 Jan 2030 00:00:00 GMT", .seconds(3600)),
      (["expiresAt": "?", "expiresIn": 5], nil, .seconds(5)),
      // What is over, or cannot be read, says nothing.
      (["expiresAt": "2026-05-01T12:00:00Z"], nil, nil),
      (["expiresAt": "2026-05-01T11:00:00Z"], nil, nil),
      (["expiresAt": "2026-05-01T12:01:00Z"], "Tue, 01 Jan 2030 00:00:00 GMT", nil),
      (["expiresAt": "2026-05-01 12:01:00"], nil, nil), (["expiresAt": "soon"], nil, nil),
      (["expiresAt": ""], nil, nil), (["expiresAt": nil], nil, nil), ([:], nil, nil),
      (["expiresIn": 0], nil, nil), (["expiresIn": -5], nil, nil), (["expiresIn": "5"], nil, nil),
      (["expiresAt": [:]], nil, nil), (["expiresAt": true], nil, nil),
    ] as [(ValueMap, String?, Duration?)])
  func `the lifetime of a token is read from its response`(
    _ fields: ValueMap, _ date: String?, _ lifetime: Duration?
  ) {
    let response = APIResponse(status: 200, headers: date.map { [HTTPField("Date", $0)] } ?? [])
    #expect(TokenLifetime.read(fields, in: response, at: Self.now) == lifetime)
  }

  @Test func `a lifetime beyond the representable range is clamped`() {
    let longest = Moment(nanoseconds: .max) - Self.now
    for end in [Value.int(.max), "9999-12-31T23:59:59Z"] {
      #expect(TokenLifetime.read(end, since: Self.now) == longest)
    }
    #expect(TokenLifetime.read(.int(.min), since: Self.now) == nil)
  }
}
