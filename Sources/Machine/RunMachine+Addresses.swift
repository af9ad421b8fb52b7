import Events
import Operations

/// What is worth saying about the addresses that requests go to.
extension RunMachine {
  /// Notes that the service sends payloads to or from a host that the operator did not configure.
  mutating func noteForeignAddress(of request: APIRequest, at id: NodeID) {
    guard case .url(let url) = request.endpoint,
      let origin = start.service?.foreignOrigin(of: url)
    else { return }
    note(
      "the service named `\(origin)` for a payload, which is no configured host: no credentials are "
        + "sent there", at: id)
  }

  /// Whether some request of the run was answered as by the API.
  private var hasFoundAPI: Bool {
    !provenRoutes.isEmpty || sessions.values.contains { $0.tokenGeneration > 0 }
  }

  /// What to do where no request of the run found anything yet: the path may be wrong.
  func hintOfPath(of route: Operation.Route, refusedWith status: Int) -> String? {
    guard [404, 405, 410].contains(status), !hasFoundAPI, case .api = route.endpoint
    else { return nil }
    let path = (start.service?.apiPath ?? "") + route.path
    return "the request was `\(route.method) \(path)`: check that --api-url leads to the API"
  }
}
