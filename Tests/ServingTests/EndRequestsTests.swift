import Serving
import Testing

@Suite struct EndRequestsTests {
  @Test(
    arguments: [
      ([.zero], [.drain]),
      ([.zero, .zero, .milliseconds(1000)], [.drain, .none, .none]),
      ([.zero, .milliseconds(1001)], [.drain, .exit]),
      ([.seconds(7), .milliseconds(7400), .milliseconds(8400)], [.drain, .none, .exit]),
    ] as [([Duration], [EndRequests.Effect])])
  func `a second request counts once a second has passed since the first`(
    times: [Duration], effects: [EndRequests.Effect]
  ) {
    var requests = EndRequests()
    #expect(times.map { requests.receive(at: $0) } == effects)
  }
}
