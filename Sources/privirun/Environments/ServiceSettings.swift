import Diagnostics
import Environments
import Events
import Networking
import Planning

/// The service of a command: what its options name, or else its environment, or else variables.
struct ServiceSettings {
  var options: ServiceOptions
  var choice: EnvironmentChoice
  /// Whether only errors are printed.
  var isQuiet = false
  /// Whether `--trace-context` is given.
  var tracesRequests = false

  /// Whether requests carry the trace context of their run.
  var sendsTraceContext: Bool {
    tracesRequests || choice.selected?.environment.sendsTraceContext ?? false
  }

  /// The same, which keep their meaning when the current folder changes.
  var withAbsolutePaths: ServiceSettings {
    var settings = self
    settings.options = options.withAbsolutePaths
    guard let selected = choice.selected else { return settings }
    var environment = selected.environment
    environment.certificates.authorities = environment.certificates.authorities
      .map(CommandPath.absolute)
    environment.certificates.client = environment.certificates.client.map(CommandPath.absolute)
    environment.certificates.clientKey = environment.certificates.clientKey
      .map(CommandPath.absolute)
    settings.choice.selected = SelectedEnvironment(
      environment: environment, file: selected.file, source: selected.source,
      addresses: selected.addresses)
    return settings
  }

  /// The service for `plan`; none where it needs none.
  ///
  /// A run that is continued calls the service that it was started with, unless an option names
  /// another.
  func target(
    for plan: Plan, environment: [String: String], startedWith origins: ServiceOrigins? = nil
  ) throws -> ServiceTarget {
    guard plan.callsOperations else { return .nothing }
    if let origins, origins.isOwnSandbox, options.apiURL == nil {
      throw CommandFailure(
        .invalid, "the sandbox that the run called ended with its process",
        hint: "start one with `privirun sandbox --state FILE` and run against its addresses")
    }
    var transport = try connections(environment)
    let addresses = try addresses(environment, startedWith: origins)
    transport.clientIdentity = try clientIdentity(environment)
    try transport.proxies.validate(for: addresses)
    return .service(addresses, transport)
  }

  /// Whom every connection trusts, and the proxies that it takes, wherever it leads.
  func connections(_ environment: [String: String]) throws -> TransportOptions {
    var connections = TransportOptions()
    connections.trust.rootsFile = ServiceOptions.named(nil, "SSL_CERT_FILE", in: environment)
    connections.trust.rootsFolder = ServiceOptions.named(nil, "SSL_CERT_DIR", in: environment)
    connections.trust.additionalFile = try authorities()
    connections.proxies = ProxySettings(environment: environment)
    return connections
  }

  private func authorities() throws(CommandFailure) -> String? {
    if let file = options.caFile {
      return try ServiceOptions.readableCertificates(
        file, hint: "`--ca-file` names a file of PEM certificates")
    }
    guard let selected = choice.selected, let file = selected.environment.certificates.authorities
    else { return nil }
    return try ServiceOptions.readableCertificates(
      file,
      hint: "`ca-file` of the environment `\(selected.name)` in \(selected.file) names it")
  }
}

/// The rules that keep the parts of a service together.
extension ServiceSettings {
  func addresses(
    _ variables: [String: String], startedWith origins: ServiceOrigins?
  ) throws -> ServiceAddresses {
    guard let selected = choice.selected else {
      let names = choice.file?.environments.map(\.name) ?? []
      return try options.addresses(
        environment: variables, startedWith: origins, environments: names)
    }
    try refuseOtherOptions(than: selected)
    if origins != nil, options.apiURL == nil {
      return try options.addresses(environment: variables, startedWith: origins)
    }
    let others = ServiceAddresses.Role.allCases.filter { role in
      guard let text = ServiceOptions.named(nil, role.variable, in: variables) else { return false }
      return !selected.addresses.has(text, as: role)
    }
    try passOver(others.map(\.variable), selected)
    return selected.addresses
  }

  /// One service is called: the environment's journal, inputs and protection belong to it.
  private func refuseOtherOptions(than selected: SelectedEnvironment) throws(CommandFailure) {
    let others = options.addressOptions.filter { !selected.addresses.has($0.text, as: $0.role) }
    guard let first = others.first else { return }
    throw CommandFailure(
      .invalid, "`\(first.name)` names another service than \(selected.phrase) does",
      hint: "leave out the option, or use no environment with `--no-environment`")
  }

  /// Lets the environment decide where it is named on the command line; throws otherwise, since a person
  /// may mean the variables as well.
  private func passOver(
    _ variables: [String], _ selected: SelectedEnvironment
  ) throws(CommandFailure) {
    guard let first = variables.first else { return }
    switch selected.source {
    case .option, .record:
      guard !isQuiet else { return }
      let are = variables.count == 1 ? "is" : "are"
      StandardStream.error.write(
        "privirun: \(variables.joined(separator: ", ")) \(are) not used: \(selected.phrase) is\n")
    case .variable, .rolloutFile, .byDefault:
      throw CommandFailure(
        .invalid, "the variable \(first) names another service than \(selected.phrase) does",
        hint: "choose with `--environment \(selected.name)` or `--no-environment`, or unset the "
          + "variable")
    }
  }

  /// A certificate and its key are from one source.
  private func clientIdentity(
    _ variables: [String: String]
  ) throws(CommandFailure) -> ClientIdentity? {
    guard let selected = choice.selected,
      let certificate = selected.environment.certificates.client,
      options.clientCertificate == nil, options.clientKey == nil
    else { return try options.clientIdentity(environment: variables) }
    let key = selected.environment.certificates.clientKey
    let others = [
      ("PRIVICORE_CLIENT_CERTIFICATE", certificate), ("PRIVICORE_CLIENT_KEY", key ?? certificate),
    ].filter { variable, file in
      ServiceOptions.named(nil, variable, in: variables).map { $0 != file } ?? false
    }
    try passOver(others.map(\.0), selected)
    return ClientIdentity(certificateFile: certificate, keyFile: key ?? certificate)
  }
}

extension ServiceAddresses {
  /// Whether `text` is the address of that server.
  fileprivate func has(_ text: String, as role: Role) -> Bool {
    let other = try? ServiceAddresses(
      api: role == .api ? text : "\(api)",
      webSocket: role == .webSocket ? text : "\(webSocket)",
      upstream: role == .upstream ? text : "\(upstream)",
      downstream: role == .downstream ? text : "\(downstream)")
    return other == self
  }
}
