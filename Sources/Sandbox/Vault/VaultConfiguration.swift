/// How a vault behaves where the contract leaves a choice.
package struct VaultConfiguration: Sendable, Hashable {
  /// The time between accepting a command and settling it; 0 settles it within the same reaction.
  package var delay: Duration = .milliseconds(20)
  /// How much later than its effect the message on a command is sent; polling shows it at once.
  package var acknowledgementDelay: Duration = .zero
  /// How much later than its effect a read shows it (protocol.md §2, "Eventual consistency").
  package var readLag: Duration = .zero
  /// The simulated storage devices that are switched off initially.
  package var offlineDevices = OfflineDevices.first(0)
  /// How long after its identifier was retrieved a device registers its own key.
  package var deviceKeyDelay: Duration = .seconds(2)
  /// How the simulated authenticators vote, in the order they were registered, repeating.
  package var voters: [Voter] = [.yes]
  /// The time an authenticator thinks before it votes.
  package var voterDelay: Duration = .milliseconds(20)
  /// How long an authorization token lives unless it is renewed.
  package var tokenLifetime: Duration = .seconds(12 * 3600)
  /// How long an application's access token lives.
  package var accessTokenLifetime: Duration = .seconds(3600)
  /// How long it can be renewed.
  package var refreshTokenLifetime: Duration = .seconds(30 * 86_400)
  /// How long an authorization code can be changed for an access token.
  package var codeLifetime: Duration = .seconds(600)
  /// How long a download address can be used; it is used once at most.
  package var downloadLifetime: Duration = .seconds(300)
  /// How long a message waits for a socket to join (protocol.md §3, "Delivery").
  package var backlogLifetime: Duration = .seconds(5)
  /// The shortest password that is taken, in characters.
  package var minimumPasswordLength = 8
  /// Where clients are directed to upload.
  package var upstream = StreamAddress(host: "upstream.invalid", port: 8010)
  /// Where clients are directed to download.
  package var downstream = StreamAddress(host: "downstream.invalid", port: 8011)
  /// The variants that are spoken; those of the preset `default` unless set.
  package var dialect = Dialect()
  /// Whether the dialect is chosen anew for each answer, but for the variants that are fixed.
  package var mixesDialect = false
  /// The names of the variants that a mixed dialect leaves as they are.
  package var fixedVariants: Set<String> = []
  /// The faults that are injected.
  package var faults = FaultSpec()
  /// The most that the vault takes of anything.
  package var limits = VaultLimits()

  /// The behaviour of a sandbox that is started without options.
  package init() {}
}

/// What a simulated authenticator does with a ballot.
package enum Voter: String, Sendable, Hashable, CaseIterable {
  case yes
  case no
  /// It never answers.
  case absent
  /// It answers when the time is up, which never counts (protocol.md §9).
  case late
}

/// The address of a file server.
package struct StreamAddress: Sendable, Hashable {
  /// The host name or IP address, without brackets.
  package var host: String
  /// The TCP port, as it stands in the addresses that are sent.
  package var port: Int

  /// The address that clients are directed to; nothing is resolved or checked.
  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// The base address, without a path.
  package var url: String { "http://\(host):\(port)" }
}

/// The most a vault takes of anything; more is answered with 413 or 503.
package struct VaultLimits: Sendable, Hashable {
  /// Bytes of a request's body at the API.
  package var requestBytes = 1 << 20
  /// Bytes of one upload.
  package var uploadBytes = 16 << 30
  /// Bytes of all payloads together that the vault itself holds; blobs are bounded by their keeper.
  package var storedBytes = 256 << 20
  /// Characters of the base64 text of a small payload (protocol.md §15).
  package var inlineCharacters = 51_200
  /// Fields of a form.
  package var fields = 256
  /// Bytes of a name, label or other short text.
  package var textLength = 512
  /// Records of all kinds together: commands, tokens, sockets.
  package var records = 200_000
  /// Devices of one profile.
  package var devices = 1024
  /// OAuth applications of one profile.
  package var applications = 64
  /// Messages that wait for one profile's socket.
  package var backlog = 100
  /// Bytes of one message from a socket.
  package var messageLength = 64 << 10
  /// The longest life of a reservation, in minutes (protocol.md §7).
  package var reservationMinutes = 60

  /// The limits of a sandbox that is started without options.
  package init() {}
}
