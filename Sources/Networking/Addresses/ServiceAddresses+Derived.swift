package import Diagnostics

extension ServiceAddresses {
  /// The API's address and those of the others that are named; an unnamed one is on the API's host,
  /// on the port that the documentation shows (protocol.md §1: 8083, 8010, 8011), with TLS where the
  /// API has it.
  ///
  /// Throws one `invalid-address` for each address that is wrong.
  package init(
    besides api: String, webSocket: String?, upstream: String?, downstream: String?
  ) throws(InvalidInput) {
    let origin = (try? ServiceAddress(api, schemes: [.http, .https]))?.origin
    let usesTLS = origin?.scheme.usesTLS ?? false
    let host = origin?.bracketedHost ?? "localhost"
    let (web, file) = usesTLS ? ("wss", "https") : ("ws", "http")
    try self.init(
      api: api, webSocket: webSocket ?? "\(web)://\(host):8083",
      upstream: upstream ?? "\(file)://\(host):8010",
      downstream: downstream ?? "\(file)://\(host):8011")
  }
}
