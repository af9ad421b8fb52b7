import Events
import Networking
import Running
import Synchronization

/// The transports of a daemon: rollouts that call the same service at the same time share one, with its
/// connections and its certificates.
final class SharedTransports: Sendable {
  private struct Key: Hashable, Sendable {
    let addresses: ServiceAddresses
    let options: TransportOptions
  }

  private struct Shared: Sendable {
    let transport: LiveTransport
    var users: Int
  }

  /// The most connections to one host, for all rollouts together.
  private static let connectionsPerHost = 256

  private let transports = Mutex<[Key: Shared]>([:])

  /// Runs `body` with a transport to the service of `target` and its origins, and closes the transport when
  /// nobody uses it any more.
  func withTransport<Result: Sendable>(
    to target: ServiceTarget, _ body: (any Transport, ServiceOrigins?) async throws -> Result
  ) async throws -> Result {
    guard case .service(let addresses, var options) = target else {
      return try await target.withTransport(body)
    }
    options.connectionsPerHost = Self.connectionsPerHost
    let key = Key(addresses: addresses, options: options)
    let transport = try begin(key)
    do {
      let result = try await body(transport, ServiceOrigins(addresses))
      await end(key)
      return result
    } catch {
      await end(key)
      throw error
    }
  }

  private func begin(_ key: Key) throws -> LiveTransport {
    try transports.withLock { transports in
      if let shared = transports[key] {
        transports[key]?.users += 1
        return shared.transport
      }
      let transport = try LiveTransport.open(addresses: key.addresses, options: key.options)
      transports[key] = Shared(transport: transport, users: 1)
      return transport
    }
  }

  private func end(_ key: Key) async {
    let unused: LiveTransport? = transports.withLock { transports in
      guard let shared = transports[key] else { return nil }
      guard shared.users == 1 else {
        transports[key]?.users -= 1
        return nil
      }
      transports[key] = nil
      return shared.transport
    }
    await unused?.shutDown()
  }
}
