/// Where a run's service is, for people: schemes, hosts and ports, without paths.
package struct ServiceOrigins: Sendable, Hashable {
  package var api: String
  package var webSocket: String
  package var upstream: String
  package var downstream: String

  package init(api: String, webSocket: String, upstream: String, downstream: String) {
    self.api = api
    self.webSocket = webSocket
    self.upstream = upstream
    self.downstream = downstream
  }
}
