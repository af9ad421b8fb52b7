import Operations

/// What the variables `OTEL_…` say: settings, and warnings about what they cannot mean.
///
/// Nothing of them ever fails a command. A variable that cannot be understood counts as unset, where that
/// cannot send anything to the wrong place; otherwise nothing is exported. Warnings repeat no header.
package struct TelemetryReading: Sendable, Hashable {
  /// What is exported, and where to; both nil destinations where nothing is.
  package private(set) var settings = TelemetrySettings()
  /// One sentence each, without a full stop.
  package private(set) var warnings: [String] = []

  private let environment: [String: String]

  /// Reads `environment`.
  ///
  /// Whether anything is exported is for the endpoints to say: without one, nothing else is looked at,
  /// except what requests carry.
  package init(_ environment: [String: String]) {
    self.environment = environment
    readSampler()
    guard Self.isOn(environment), !readDisabled() else { return }
    for signal in Signal.allCases { read(signal) }
    guard !settings.isOff else { return }
    readResource()
    readLimits()
  }

  /// Whether an endpoint is named, which is all that is looked at where none is.
  package static func isOn(_ environment: [String: String]) -> Bool {
    ([endpoint] + Signal.allCases.map { $0.variable("ENDPOINT") }).contains {
      environment[$0]?.isEmpty == false
    }
  }

  private static let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

  /// A kind of telemetry that has variables of its own.
  private enum Signal: String, CaseIterable {
    case traces
    case metrics

    func variable(_ end: String) -> String { "OTEL_EXPORTER_OTLP_\(rawValue.uppercased())_\(end)" }
  }

  /// A variable that is empty counts as unset.
  private func value(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// Destinations.
extension TelemetryReading {
  private static let protocolName = "http/json"

  private mutating func read(_ signal: Signal) {
    let exporter = "OTEL_\(signal.rawValue.uppercased())_EXPORTER"
    switch value(exporter) {
    case "otlp", nil: break
    case "none": return
    case let other?:
      return warn(
        "\(exporter) is `\(other)`, and only otlp and none are supported: no \(signal.rawValue) are "
          + "exported")
    }
    guard let address = address(of: signal), speaksJSON(signal) else { return }
    let destination = TelemetrySettings.Destination(address: address, headers: headers(of: signal))
    switch signal {
    case .traces: settings.traces = destination
    case .metrics: settings.metrics = destination
    }
  }

  /// The address of its own as it is, or the common one with a path below it (OTLP §4.2).
  private mutating func address(of signal: Signal) -> String? {
    if let own = value(signal.variable("ENDPOINT")) {
      return checked(own, signal.variable("ENDPOINT"), signal)
    }
    guard let base = value(Self.endpoint), let checked = checked(base, Self.endpoint, signal)
    else { return nil }
    return checked + (checked.hasSuffix("/") ? "" : "/") + "v1/\(signal.rawValue)"
  }

  /// What is wrong with it may be a password in it, so that it is not repeated.
  private mutating func checked(
    _ address: String, _ variable: String, _ signal: Signal
  ) -> String? {
    let schemes = ["http://", "https://"]
    let rest = schemes.lazy.filter { address.lowercased().hasPrefix($0) }.first.map {
      address.dropFirst($0.count)
    }
    guard let rest, let first = rest.first, !"/?#".contains(first), !address.contains("?"),
      !address.contains("#"), address.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      warn(
        "\(variable) is not a URL such as `http://localhost:4318`: no \(signal.rawValue) are exported"
      )
      return nil
    }
    return address
  }

  /// Receivers of gRPC listen on another port, and not every receiver reads JSON.
  private mutating func speaksJSON(_ signal: Signal) -> Bool {
    let names = [signal.variable("PROTOCOL"), "OTEL_EXPORTER_OTLP_PROTOCOL"]
    guard let variable = names.first(where: { value($0) != nil }), let given = value(variable),
      given != Self.protocolName
    else { return true }
    warn(
      "\(variable) is `\(given)`, and only \(Self.protocolName) is supported, by which collectors receive "
        + "on port 4318: no \(signal.rawValue) are exported")
    return false
  }

  private mutating func headers(of signal: Signal) -> [HTTPField] {
    let names = ["OTEL_EXPORTER_OTLP_HEADERS", signal.variable("HEADERS")]
    var headers: [HTTPField] = []
    for name in names {
      guard let text = value(name) else { continue }
      guard let pairs = KeyValueList(text)?.pairs, pairs.allSatisfy(\.isHeader) else {
        warn("\(name) is not a list such as `name=value,other=value`, and is ignored")
        continue
      }
      for pair in pairs {
        headers.removeAll { $0.name.lowercased() == pair.name.lowercased() }
        headers.append(HTTPField(pair.name, pair.value))
      }
    }
    return headers
  }
}

/// Everything else.
extension TelemetryReading {
  private static let samplers: [String: Sampler] = [
    "always_on": Sampler(.always, isParentBased: false),
    "always_off": Sampler(.never, isParentBased: false),
    "traceidratio": Sampler(.ratio(1), isParentBased: false),
    "parentbased_always_on": .standard,
    "parentbased_always_off": Sampler(.never, isParentBased: true),
    "parentbased_traceidratio": Sampler(.ratio(1), isParentBased: true),
  ]

  /// Whether everything is switched off.
  private mutating func readDisabled() -> Bool {
    let name = "OTEL_SDK_DISABLED"
    guard let text = value(name) else { return false }
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    case _:
      warn("\(name) is `\(text)`, neither true nor false: false is used")
      return false
    }
  }

  private mutating func readSampler() {
    guard let name = value("OTEL_TRACES_SAMPLER") else { return }
    guard var sampler = Self.samplers[name] else {
      return warn(
        "OTEL_TRACES_SAMPLER is `\(name)`, not one of "
          + Self.samplers.keys.sorted().joined(separator: ", ")
          + ": parentbased_always_on is used")
    }
    if case .ratio = sampler.rule, let text = value("OTEL_TRACES_SAMPLER_ARG") {
      guard let ratio = Double(text), (0...1).contains(ratio) else {
        warn("OTEL_TRACES_SAMPLER_ARG is `\(text)`, not a number from 0 to 1: 1 is used")
        settings.sampler = sampler
        return
      }
      sampler.rule = .ratio(ratio)
    }
    settings.sampler = sampler
  }

  private mutating func readResource() {
    var attributes: [TelemetrySettings.ResourceAttribute] = []
    if let text = value("OTEL_RESOURCE_ATTRIBUTES") {
      if let pairs = KeyValueList(text)?.pairs {
        attributes = pairs.map { .init($0.name, $0.value) }
      } else {
        warn(
          "OTEL_RESOURCE_ATTRIBUTES is not a list such as `name=value,other=value`, and is ignored")
      }
    }
    let given = value("OTEL_SERVICE_NAME") ?? attributes.last { $0.name == "service.name" }?.value
    attributes.removeAll { $0.name == "service.name" }
    settings.resource = [.init("service.name", given ?? "privirun")] + attributes
  }

  private mutating func readLimits() {
    settings.timeout = milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", else: settings.timeout)
    settings.metricInterval = milliseconds(
      "OTEL_METRIC_EXPORT_INTERVAL", else: settings.metricInterval)
    settings.batching.delay = milliseconds(
      "OTEL_BSP_SCHEDULE_DELAY", else: settings.batching.delay)
    settings.batching.queueLimit = number(
      "OTEL_BSP_MAX_QUEUE_SIZE", 1...1_000_000, else: settings.batching.queueLimit)
    settings.batching.batchLimit = min(
      settings.batching.queueLimit,
      number(
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1...100_000, else: settings.batching.batchLimit))
  }

  private mutating func milliseconds(_ name: String, else standard: Duration) -> Duration {
    let usual = Int(standard / .milliseconds(1))
    return .milliseconds(number(name, 1...86_400_000, else: usual))
  }

  private mutating func number(
    _ name: String, _ range: ClosedRange<Int>, else standard: Int
  ) -> Int {
    guard let text = value(name) else { return standard }
    guard let number = Int(text), range.contains(number) else {
      warn(
        "\(name) is `\(text)`, not a number from \(range.lowerBound) to \(range.upperBound): "
          + "\(standard) is used")
      return standard
    }
    return number
  }

  private mutating func warn(_ text: String) { warnings.append(text) }
}
