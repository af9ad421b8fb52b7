package import Machine
import NIOPosix
import NIOSSL
package import Operations
import Running

/// Sends POSTs to addresses that are no part of the service, such as those of notifications.
///
/// It follows no redirect and presents no client certificate. An address may hold a token, so that what is
/// said of a failure names its origin only.
package struct PostClient: Sendable {
  /// How long a POST may take from its start to the head of the response.
  private static let timeout: Duration = .seconds(10)
  /// How long what follows the head is read, so that the connection can be kept.
  private static let drainTimeout: Duration = .seconds(1)
  /// The most bytes of a body that are read.
  private static let drainLimit = 64 << 10

  private let options: TransportOptions
  private let pool: HTTPPool

  /// Gives `body` a client that lasts as long as `body`, with the trust and the proxies of `options`.
  ///
  /// Throws `InvalidInput` when a file of certificates cannot be used, and what `body` throws.
  package static func withClient<Result>(
    options: TransportOptions, timeout: Duration = Self.timeout,
    body: (PostClient) async throws -> Result
  ) async throws -> Result {
    let client = try open(options: options, timeout: timeout)
    let result: Result
    do {
      result = try await body(client)
    } catch {
      await client.shutDown()
      throw error
    }
    await client.shutDown()
    return result
  }

  /// A client that lasts until `shutDown`; `withClient` closes it in every case.
  ///
  /// Throws `InvalidInput` when a file of certificates cannot be used.
  package static func open(
    options: TransportOptions, timeout: Duration = Self.timeout
  ) throws -> PostClient {
    var options = options
    // What the service asks for is none of the receivers' business.
    options.clientIdentity = nil
    options.connectTimeout = min(options.connectTimeout, timeout)
    return PostClient(options, timeout, try TLSSettings(options))
  }

  /// Closes the connections; nothing is sent afterwards.
  package func shutDown() async { await pool.shutDown() }

  private init(_ options: TransportOptions, _ timeout: Duration, _ tls: TLSSettings) {
    self.options = options
    pool = HTTPPool(
      options, tls, timeout: timeout, on: MultiThreadedEventLoopGroup.singleton.next())
  }

  /// Sends `body` to `address` and returns the response, whose body is empty where it is not short.
  ///
  /// Throws `protocolViolation`, before anything is sent, for an address that is neither `http` nor `https`.
  package func post(
    _ body: [UInt8], to address: String, headers: [HTTPField]
  ) async throws(TransportFailure) -> APIResponse {
    let target: AddressParser
    do throws(AddressError) {
      target = try AddressParser(address, schemes: [.http, .https])
    } catch {
      throw TransportFailure(
        .protocolViolation,
        "the address \(error == .scheme ? "is neither http nor https" : error.message)",
        mayHaveBeenSent: false)
    }
    // A fragment is never sent (RFC 9110 §7.1).
    let rest = AddressText.mended(target.rest.prefix { $0 != "#" })
    let head = RequestHead(
      method: "POST", origin: target.origin, path: rest.first == "/" ? rest : "/\(rest)",
      headers: headers, acceptedEncodings: "identity", length: body.count)
    let (route, encoded) = (try ConnectionRoute(to: target.origin, options), try head.encoded())
    let ticket = HTTPTicket()
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let order = HTTPOrder(
          route: route, head: encoded, body: body, rules: Self.rules,
          reply: { continuation.resume(returning: $0) })
        pool.send(order, cancelledBy: ticket)
      }
    } onCancel: {
      ticket.cancel()
    }.get()
  }

  /// The body of a short response is read to its end, so that the next POST needs no connection.
  private static var rules: ResponseRules {
    ResponseRules(
      extent: .head(bodyTimeout: drainTimeout), bodyLimit: drainLimit, fileLimit: 0)
  }
}

extension ConnectionRoute {
  /// The route to `origin` by the proxies of `options`; throws when the environment names one that cannot
  /// be used.
  init(to origin: Origin, _ options: TransportOptions) throws(TransportFailure) {
    do throws(ProxyFlaw) {
      self.init(
        origin: origin, proxy: try options.proxies.proxy(for: origin),
        connectTimeout: options.connectTimeout, tunnelTimeout: options.tunnelTimeout)
    } catch {
      throw TransportFailure(
        .unreachable, "the variable for connections to \(origin) \(error.message)",
        mayHaveBeenSent: false, hint: "write it like `http://host:port`")
    }
  }
}
