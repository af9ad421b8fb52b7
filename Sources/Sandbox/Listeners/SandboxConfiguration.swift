package import Expressions
import Files

/// What a sandbox server is started with.
package struct SandboxConfiguration: Sendable {
  /// How the engine behaves; the server fills in where its file servers are.
  package var vault = VaultConfiguration()
  /// The address to listen on.
  package var host = "127.0.0.1"
  /// Ports, 0 for any free one.
  package var apiPort = 0
  /// The port of the WebSocket proxy, 0 for any free one.
  package var webSocketPort = 0
  /// The port of the upload server, 0 for any free one.
  package var upstreamPort = 0
  /// The port of the download server, 0 for any free one.
  package var downstreamPort = 0
  /// Open connections of all kinds; more are closed at once.
  package var maximumConnections = 1024
  /// How long clients may take.
  package var connectionLimits = ConnectionLimits()
  /// An upload of more bytes is kept in a file.
  package var memoryPayloadBytes = 64 << 10
  /// How long messages that a request caused wait, so that its answer goes first.
  package var messageHoldback: Duration = .milliseconds(3)
  /// The web page's origin that may read answers, or `*` for any; none may without one.
  package var allowedOrigin: String?
  /// Bytes of all payloads in files together, those that are still coming up too.
  package var filedBytes = 32 << 30
  /// The folder that such files are kept in, inside one that goes when the server stops.
  package var payloadFolder = Folder.temporary
  /// The file that the state outlives the server in, with its payloads in a folder beside it.
  package var stateFile: String?
  /// A profile that is there from the start, with a registered key.
  package var profile: SandboxProfile?
  /// The longest time from a change to its being in the file.
  package var saveInterval: Duration = .seconds(5)
  /// Where identifiers, tokens and keys come from: whoever knows it can guess them.
  package var seed: UInt64
  /// The clock of the vault, by which delays and lifetimes are measured.
  package var time: TimeSource
  /// Hears of what fails while nobody waits for it.
  package var report: @Sendable (SandboxError) -> Void = { _ in }

  /// A server on free ports of the loopback address, without a state file.
  package init(seed: UInt64, time: TimeSource = .system) {
    self.seed = seed
    self.time = time
  }
}

extension SandboxConfiguration {
  /// Who may make control calls and open sockets.
  var localCallers: LocalCallers { LocalCallers(host: host, allowedOrigin: allowedOrigin) }
}

/// A profile that a sandbox has from its start.
package struct SandboxProfile: Sendable {
  let username: String
  let password: Secret

  /// A profile that logs in with these.
  package init(username: String, password: Secret) {
    self.username = username
    self.password = password
  }
}

/// Where a running sandbox is reached: complete base addresses without a slash at the end.
package struct SandboxAddresses: Sendable, Hashable {
  /// The base address of the HTTP API, such as `http://127.0.0.1:8009`.
  package let api: String
  /// The address of the WebSocket, with `ws`.
  package let webSocket: String
  /// The base address of the upload server.
  package let upstream: String
  /// The base address of the download server.
  package let downstream: String
}

/// Why a sandbox could not be started.
package struct SandboxError: Error, Sendable, Hashable {
  /// One sentence with the address and the cause.
  package let message: String
  /// What could be done about it.
  package let hint: String?
}
