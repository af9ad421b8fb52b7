import AsyncHTTPClient
package import Machine
import NIOCore
import NIOHTTP1
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
  /// The most bytes of a body that are read, and thrown away.
  private static let drainLimit = 64 << 10

  private let options: TransportOptions
  private let timeout: Duration
  private let clients: HTTPClients
  private let probe: CertificateProbe

  /// Gives `body` a client that lasts as long as `body`, with the trust and the proxies of `options`.
  ///
  /// Throws `InvalidInput` when a file of certificates cannot be used, and what `body` throws.
  package static func withClient<Result>(
    options: TransportOptions, timeout: Duration = Self.timeout,
    body: (PostClient) async throws -> Result
  ) async throws -> Result {
    var options = options
    // What the service asks for is none of the receivers' business.
    options.clientIdentity = nil
    options.connectTimeout = min(options.connectTimeout, timeout)
    let client = PostClient(options, timeout, try TLSSettings(options).configuration)
    let result: Result
    do {
      result = try await body(client)
    } catch {
      await client.clients.shutDown()
      throw error
    }
    await client.clients.shutDown()
    return result
  }

  private init(_ options: TransportOptions, _ timeout: Duration, _ tls: TLSConfiguration) {
    self.options = options
    self.timeout = timeout
    clients = HTTPClients(options, tls)
    probe = CertificateProbe(configuration: tls, timeout: options.connectTimeout)
  }

  /// Sends `body` to `address` and returns the status and the headers of the response.
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
    let route = try ConnectionRoute(to: target.origin, options)
    do throws(TransportFailure) {
      return try await send(body, to: target, headers, on: route)
    } catch {
      throw await probe.explained(error, on: route)
    }
  }

  private func send(
    _ body: [UInt8], to target: AddressParser, _ headers: [HTTPField], on route: ConnectionRoute
  ) async throws(TransportFailure) -> APIResponse {
    let pool = clients[route.proxy]
    // A fragment is never sent (RFC 9110 §7.1).
    let rest = AddressText.mended(target.rest.prefix { $0 != "#" })
    var message = HTTPClientRequest(
      url: "\(target.origin)\(rest.first == "/" ? "" : "/")\(rest)")
    message.method = .POST
    for header in headers { message.headers.add(name: header.name, value: header.value) }
    message.headers.add(name: "Accept-Encoding", value: "identity")
    message.body = .bytes(body)
    do {
      let response = try await pool.client.execute(
        message, deadline: .now() + TimeAmount(timeout))
      await drain(response)
      return APIResponse(
        status: Int(response.status.code),
        headers: response.headers.map { HTTPField($0.name, $0.value) })
    } catch {
      throw failure(for: error, on: route, wasEverOpen: pool.wasEverOpen)
    }
  }

  private func failure(
    for error: any Error, on route: ConnectionRoute, wasEverOpen: Bool
  ) -> TransportFailure {
    if let error = error as? HTTPClientError, error == .deadlineExceeded {
      return TransportFailure(
        .timedOut, "\(route.origin) did not respond within \(timeout)", mayHaveBeenSent: true)
    }
    return route.failure(for: error, wasEverOpen: wasEverOpen)
  }

  /// Reads what is left of a short response, whatever it says, so that the next POST needs no connection.
  private func drain(_ response: HTTPClientResponse) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        var count = 0
        do {
          for try await chunk in response.body {
            count += chunk.readableBytes
            if count > Self.drainLimit { return }
          }
        } catch {
          // The head has come: what happens to the rest of the response means nothing.
        }
      }
      group.addTask { try? await ContinuousClock().sleep(for: Self.drainTimeout) }
      await group.next()
      group.cancelAll()
    }
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
