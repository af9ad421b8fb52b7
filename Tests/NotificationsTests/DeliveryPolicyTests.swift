import Events
import Notifications
import Operations
import Testing

/// What the end of an attempt means.
@Suite struct DeliveryPolicyTests {
  private static let failure = DeliveryOutcome.failed(reason: "the connection broke")

  private static func verdict(
    _ outcome: DeliveryOutcome, attempt: Int = 1, after age: Duration = .zero, random: Double = 0
  ) -> DeliveryVerdict {
    DeliveryPolicy().verdict(
      on: outcome, ofAttempt: attempt, recordedAt: Sample.moment, at: Sample.moment + age,
      random: random)
  }

  @Test(arguments: [200, 201, 202, 204, 299])
  func `a success is a delivery`(status: Int) {
    #expect(DeliveryOutcome(APIResponse(status: status)) == .accepted)
    #expect(Self.verdict(.accepted, after: .seconds(90_000)) == .delivered)
  }

  @Test(arguments: [400, 401, 403, 404, 410, 413, 422, 499])
  func `what the receiver refuses is given up`(status: Int) {
    let outcome = DeliveryOutcome(APIResponse(status: status))
    #expect(outcome == .refused(reason: "responded with status \(status)"))
    #expect(Self.verdict(outcome) == .givenUp)
  }

  @Test(arguments: [100, 408, 425, 429, 500, 502, 503, 504, 599, 600])
  func `what may end otherwise is attempted again`(status: Int) {
    let outcome = DeliveryOutcome(APIResponse(status: status))
    #expect(outcome == .failed(reason: "responded with status \(status)"))
    #expect(Self.verdict(outcome) == .again(at: Sample.moment + .seconds(1)))
  }

  @Test func `a redirect is no delivery`() {
    let response = APIResponse(status: 302, headers: [HTTPField("Location", "/\(Sample.token)")])
    #expect(
      DeliveryOutcome(response)
        == .failed(reason: "responded with status 302, and redirects are not followed"))
  }

  @Test(arguments: [
    (1, 1), (2, 2), (3, 4), (4, 8), (11, 1024), (12, 2048), (13, 3600), (14, 3600), (100, 3600),
    (Int.max, 3600), (0, 1),
  ])
  func `the pause doubles up to an hour`(_ attempt: Int, _ seconds: Int) {
    #expect(
      Self.verdict(Self.failure, attempt: attempt) == .again(at: Sample.moment + .seconds(seconds)))
  }

  @Test(arguments: [(0.0, 8.0), (0.5, 6.0), (1.0, 4.0), (7.0, 4.0), (-1.0, 8.0)])
  func `a random part of up to a half is taken off`(_ random: Double, _ seconds: Double) {
    #expect(
      Self.verdict(Self.failure, attempt: 4, random: random)
        == .again(at: Sample.moment + .seconds(seconds)))
  }

  @Test(arguments: [
    ("120", 120), ("0", 1), ("7200", 3600), ("Mon, 01 Mar 2027 02:00:30 GMT", 30),
    ("Mon, 01 Mar 2027 01:00:00 GMT", 1), ("soon", 1),
  ])
  func `the receiver is given the time that it asks for, at most an hour`(
    _ header: String, _ seconds: Int
  ) {
    var response = APIResponse(status: 503, headers: [HTTPField("Retry-After", header)])
    response.receivedAt = Sample.moment
    #expect(
      Self.verdict(DeliveryOutcome(response)) == .again(at: Sample.moment + .seconds(seconds)))
  }

  @Test func `a notification is given up when it would be attempted after a day`() {
    let day = Duration.seconds(86_400)
    #expect(
      Self.verdict(Self.failure, after: day - .seconds(1)) == .again(at: Sample.moment + day))
    #expect(Self.verdict(Self.failure, after: day - .milliseconds(999)) == .givenUp)
    #expect(Self.verdict(Self.failure, attempt: 13, after: day - .seconds(3599)) == .givenUp)
  }

  @Test func `a receiver that is down for a day is asked some 35 times`() {
    var (now, attempts) = (Sample.moment, 0)
    while true {
      attempts += 1
      let verdict = DeliveryPolicy().verdict(
        on: Self.failure, ofAttempt: attempts, recordedAt: Sample.moment, at: now, random: 0)
      guard case .again(let next) = verdict else { break }
      now = next
    }
    // 12 within 68 minutes, then one an hour.
    #expect(attempts == 35)
  }
}
