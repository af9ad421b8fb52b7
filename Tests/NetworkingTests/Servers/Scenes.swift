import FoundationEssentials
import Machine
import NIOCore
import Networking
import Running

/// A transport beside a server that it is pointed at.
enum Scene {
  /// Runs `body` with a transport whose addresses all lead to one canned server.
  static func http<Result>(
    answering answer: CannedAnswer, identity: ServerIdentity? = nil, host: String = "127.0.0.1",
    path: String = "", options: TransportOptions = TransportOptions(),
    body: (LiveTransport, Visits, _ origin: String) async throws -> Result
  ) async throws -> Result {
    let visits = Visits()
    return try await Listener.listen(identity: identity) { channel in
      try channel.pipeline.syncOperations.addHandler(CannedServer(answer, visits: visits))
    } body: { port in
      let origin = "\(identity == nil ? "http" : "https")://\(host):\(port)"
      return try await transport(http: origin + path, options: options) {
        try await body($0, visits, origin)
      }
    }
  }

  /// Runs `body` with a transport whose WebSocket address leads to a scripted server.
  static func webSocket<Result>(
    playing script: Script, identity: ServerIdentity? = nil, host: String = "127.0.0.1",
    path: String = "", options: TransportOptions = TransportOptions(),
    body: (LiveTransport, AsyncStream<SeenFrame>, _ origin: String) async throws -> Result
  ) async throws -> Result {
    let (seen, continuation) = AsyncStream<SeenFrame>.makeStream()
    return try await Listener.listen(identity: identity) { channel in
      try ScriptedPeer.configure(channel, script, seen: continuation)
    } body: { port in
      let origin = "\(identity == nil ? "ws" : "wss")://\(host):\(port)"
      return try await transport(webSocket: origin + path, options: options) {
        try await body($0, seen, origin)
      }
    }
  }

  static func transport<Result>(
    http: String = "http://127.0.0.1:1", webSocket: String = "ws://127.0.0.1:1",
    options: TransportOptions = TransportOptions(),
    body: (LiveTransport) async throws -> Result
  ) async throws -> Result {
    let addresses = try ServiceAddresses(
      api: http, webSocket: webSocket, upstream: http, downstream: http)
    return try await LiveTransport.withTransport(
      addresses: addresses, options: options, body: body)
  }

  /// Runs `body` with a folder of its own, gone afterwards, that holds `files`.
  static func folder<Result>(
    of files: [String: String], body: (String) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
      component: "privirun-certificates-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appending(component: name))
    }
    return try await body(folder.path)
  }

  /// Runs `body` with options that trust the authorities of the tests.
  static func trustingAuthority<Result>(
    body: (TransportOptions) async throws -> Result
  ) async throws -> Result {
    let file = FileManager.default.temporaryDirectory.appending(
      component: "privirun-authority-\(UUID().uuidString).pem")
    try Data("\(Certificates.authority)\n\(FlawedCertificates.authority)\n".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    var options = TransportOptions()
    options.trust.additionalFile = file.path
    return try await body(options)
  }
}

/// What `body` fails with, or nil when it does not.
func failure(of body: () async throws -> Void) async -> TransportFailure? {
  do {
    try await body()
    return nil
  } catch {
    return error as? TransportFailure
  }
}
