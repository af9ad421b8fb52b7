package import Diagnostics

/// One environment of `privirun.yaml`: a service, and what is used with it.
///
/// Paths are as commands can use them: relative ones begin in the folder of the file.
package struct NamedEnvironment: Sendable, Hashable {
  /// What `--environment` calls it.
  package var name: String
  /// Where its name stands in the file.
  package var location: SourceLocation
  /// What people should know of it; nil where nothing is said.
  package var summary: String?
  /// The addresses of its service.
  package var addresses: Addresses
  /// The files with which its servers are trusted, and trust this program.
  package var certificates: Certificates
  /// Where its runs are recorded.
  package var journal: String
  /// Inputs files whose values count less than those that a command names; later ones override earlier
  /// ones.
  package var inputs: [String]
  /// The labels of its runs.
  package var labels: [Label]
  /// Whether a command asks before it changes something there.
  package var isProtected: Bool
  /// Whether requests carry the trace context of their run.
  package var sendsTraceContext = false

  /// The addresses of a service; those that are nil follow from the one of the API.
  package struct Addresses: Sendable, Hashable {
    /// The HTTP API.
    package var api: String
    /// The WebSocket proxy.
    package var webSocket: String?
    /// The upload server.
    package var upstream: String?
    /// The download server.
    package var downstream: String?

    /// The address of an API, whose host has the other servers.
    package init(api: String) {
      self.api = api
    }
  }

  /// Files of certificates.
  package struct Certificates: Sendable, Hashable {
    /// The certificate authorities that are trusted besides the system's.
    package var authorities: String?
    /// The certificate that is presented to servers that request one.
    package var client: String?
    /// The private key of `client`; nil where it is in the same file.
    package var clientKey: String?

    /// No files.
    package init() {}
  }

  /// A label of each run.
  package struct Label: Sendable, Hashable {
    /// The name, which `LabelName` describes.
    package var name: String
    /// The value, at most 100 characters.
    package var value: String

    /// A label.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// An environment that is not protected, with neither inputs nor labels.
  package init(
    name: String, location: SourceLocation, addresses: Addresses, journal: String
  ) {
    self.name = name
    self.location = location
    self.addresses = addresses
    self.journal = journal
    certificates = Certificates()
    inputs = []
    labels = []
    isProtected = false
  }
}

/// A server of the service, whose address an environment names.
package enum EnvironmentServer: String, Sendable, Hashable, CaseIterable {
  case api = "api-url"
  case webSocket = "ws-url"
  case upstream = "upstream-url"
  case downstream = "downstream-url"
}
