import Operations

/// The limits of a live transport, and whom it trusts.
package struct TransportOptions: Sendable, Hashable {
  /// How long one exchange with the API may take from its start to the last byte of the answer.
  package var exchangeTimeout: Duration = .seconds(30)
  /// How long an exchange with the upload or download server may stand still, which is to move less
  /// than 1 KiB; a long one that moves is bounded by the step's own timeout only.
  package var idleTimeout: Duration = .seconds(30)
  /// How long a connection may take to stand.
  package var connectTimeout: Duration = .seconds(10)
  /// How long a proxy may take to open a tunnel for a WebSocket, once it is connected to.
  package var tunnelTimeout: Duration = .seconds(10)
  /// How long closing may wait for connections that are still being made.
  package var shutdownTimeout: Duration = .seconds(1)
  /// The largest body of an answer of the API or the upload server, in bytes.
  package var answerLimit = 1 << 20
  /// The largest body of a download that is kept in memory, in bytes.
  package var downloadLimit = 64 << 20
  /// The largest body of a download that goes into a file: what AES-GCM allows under one IV.
  package var fileLimit = Envelope.plaintextLimit + Envelope.overhead
  /// The most connections kept to one host; further exchanges wait for one.
  package var connectionsPerHost = 16
  /// The authorities whose certificates are accepted, for HTTP and WebSocket.
  package var trust = TrustOptions()
  /// The certificate that this program presents when a server requests one; nil for none.
  package var clientIdentity: ClientIdentity?
  /// The limits of WebSockets.
  package var webSocket = WebSocketOptions()
  /// The proxies for HTTP and WebSocket connections.
  package var proxies = ProxySettings.none

  /// The limits of a run, the system's authorities, no client certificate and no proxy.
  package init() {}
}

/// The authorities that TLS connections trust.
package struct TrustOptions: Sendable, Hashable {
  /// A PEM file of authorities in place of the system's (`SSL_CERT_FILE`).
  package var rootsFile: String?
  /// A folder of authorities by hash in place of the system's (`SSL_CERT_DIR`); `rootsFile` comes
  /// first.
  package var rootsFolder: String?
  /// A PEM file of authorities besides those (`--ca-file`).
  package var additionalFile: String?

  /// Trust in the authorities of the system, and in no others.
  package init() {}
}

/// A client certificate and its private key, both in PEM files.
package struct ClientIdentity: Sendable, Hashable {
  /// The certificate, followed by those of its issuers.
  package var certificateFile: String
  /// The unencrypted private key; the same file can hold both.
  package var keyFile: String

  /// An identity whose files are read when a transport is made; neither is checked here.
  package init(certificateFile: String, keyFile: String) {
    self.certificateFile = certificateFile
    self.keyFile = keyFile
  }
}

/// The limits of a WebSocket.
package struct WebSocketOptions: Sendable, Hashable {
  /// How long TLS and the upgrade may take together, from the beginning of the connection.
  package var upgradeTimeout: Duration = .seconds(10)
  /// The largest message in bytes, either way, its fragments together; at most 4 GiB.
  package var messageLimit = 1 << 20
  /// How long the socket may be open between two pings of ours.
  package var pingInterval: Duration = .seconds(20)
  /// How long the other side may stay silent after a ping before the socket counts as broken.
  package var pongTimeout: Duration = .seconds(10)
  /// How long a closing socket waits for the other side's close frame, and TLS for its last alert.
  package var closeTimeout: Duration = .seconds(2)
  /// Reading pauses when this many bytes of messages wait to be taken.
  package var unreadLimit = 4 << 20

  /// The limits of a run: those above.
  package init() {}
}
