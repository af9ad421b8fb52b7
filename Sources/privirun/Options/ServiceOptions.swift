import ArgumentParser
import Events
import Networking
import Planning

/// Where the service is.
struct ServiceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The HTTP API (PRIVICORE_API_URL).", valueName: "url"))
  var apiURL: String?

  @Option(help: ArgumentHelp("The WebSocket proxy (PRIVICORE_WS_URL).", valueName: "url"))
  var wsURL: String?

  @Option(help: ArgumentHelp("The upload server (PRIVICORE_UPSTREAM_URL).", valueName: "url"))
  var upstreamURL: String?

  @Option(help: ArgumentHelp("The download server (PRIVICORE_DOWNSTREAM_URL).", valueName: "url"))
  var downstreamURL: String?

  @Option(
    help: ArgumentHelp(
      "Trust the certificate authorities in this PEM file besides the system's.", valueName: "file"),
    completion: .file())
  var caFile: String?

  @Option(
    help: ArgumentHelp(
      "Present the certificate in this PEM file when a server requests one "
        + "(PRIVICORE_CLIENT_CERTIFICATE).", valueName: "file"), completion: .file())
  var clientCertificate: String?

  @Option(
    help: ArgumentHelp(
      "The private key of --client-certificate, PEM; default: the same file "
        + "(PRIVICORE_CLIENT_KEY).", valueName: "file"), completion: .file())
  var clientKey: String?

  /// The same options, which keep their meaning when the current folder changes.
  var withAbsolutePaths: ServiceOptions {
    var options = self
    options.caFile = caFile.map(CommandPath.absolute)
    options.clientCertificate = clientCertificate.map(CommandPath.absolute)
    options.clientKey = clientKey.map(CommandPath.absolute)
    return options
  }

  /// An option, or else a variable; an empty variable counts as unset.
  static func named(
    _ option: String?, _ variable: String, in environment: [String: String]
  ) -> String? {
    option ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The certificate that is presented, and its key; nil where none is named.
  func clientIdentity(
    environment: [String: String]
  ) throws(CommandFailure) -> ClientIdentity? {
    let certificate = Self.named(
      clientCertificate, "PRIVICORE_CLIENT_CERTIFICATE", in: environment)
    let key = Self.named(clientKey, "PRIVICORE_CLIENT_KEY", in: environment)
    guard let certificate else {
      guard key == nil else {
        throw CommandFailure(
          .invalid, "a client key is given without its certificate",
          hint: "give --client-certificate or set PRIVICORE_CLIENT_CERTIFICATE")
      }
      return nil
    }
    return ClientIdentity(certificateFile: certificate, keyFile: key ?? certificate)
  }

  /// The file of certificates, if it can be read; what is in it is judged by who uses it.
  static func readableCertificates(_ file: String, hint: String) throws(CommandFailure) -> String {
    do throws(InputSources.FileFlaw) {
      _ = try InputSources.live(environment: [:]).read(file, certificateLimit)
    } catch {
      throw CommandFailure(
        .invalid, "the certificates file `\(file)` \(error.phrase)", hint: hint)
    }
    return file
  }

  /// The largest file of certificates, in bytes.
  private static let certificateLimit = 16 << 20

  private var all: [(name: String, value: String?)] {
    [
      ("--api-url", apiURL), ("--ws-url", wsURL), ("--upstream-url", upstreamURL),
      ("--downstream-url", downstreamURL), ("--ca-file", caFile),
      ("--client-certificate", clientCertificate), ("--client-key", clientKey),
    ]
  }

  /// The addresses that are given, each with its option.
  var addressOptions: [(name: String, role: ServiceAddresses.Role, text: String)] {
    let all: [(String, ServiceAddresses.Role, String?)] = [
      ("--api-url", .api, apiURL), ("--ws-url", .webSocket, wsURL),
      ("--upstream-url", .upstream, upstreamURL), ("--downstream-url", .downstream, downstreamURL),
    ]
    return all.compactMap { name, role, text in text.map { (name, role, $0) } }
  }

  /// The names of the options that are given, as they are typed.
  var given: [String] { all.filter { $0.value != nil }.map(\.name) }

  /// The options that are given, for another command.
  var arguments: [String] { all.flatMap { name, value in value.map { [name, $0] } ?? [] } }

  /// The addresses that options and variables name; `environments` are the names that could be given
  /// instead.
  func addresses(
    environment: [String: String], startedWith origins: ServiceOrigins?,
    environments: [String] = []
  ) throws -> ServiceAddresses {
    if let origins, apiURL == nil {
      return try ServiceAddresses(
        api: origins.api + origins.apiPath,
        webSocket: wsURL ?? origins.webSocket + origins.otherPaths.webSocket,
        upstream: upstreamURL ?? origins.upstream + origins.otherPaths.upstream,
        downstream: downstreamURL ?? origins.downstream + origins.otherPaths.downstream)
    }
    func named(_ option: String?, _ variable: String) -> String? {
      Self.named(option, variable, in: environment)
    }
    guard let api = named(apiURL, "PRIVICORE_API_URL") else {
      let isEmpty = environment["PRIVICORE_API_URL"] != nil
      throw CommandFailure(
        .invalid, "no service address is given" + (isEmpty ? ": PRIVICORE_API_URL is empty" : ""),
        hint: environments.isEmpty
          ? "give --api-url or set PRIVICORE_API_URL, or try --sandbox"
          : "name an environment with --environment (\(environments.joined(separator: ", "))), or give "
            + "--api-url")
    }
    return try ServiceAddresses(
      besides: api, webSocket: named(wsURL, "PRIVICORE_WS_URL"),
      upstream: named(upstreamURL, "PRIVICORE_UPSTREAM_URL"),
      downstream: named(downstreamURL, "PRIVICORE_DOWNSTREAM_URL"))
  }
}
