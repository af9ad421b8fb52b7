package import Operations

/// What is exported, and where to.
package struct TelemetrySettings: Sendable, Hashable {
  /// Where one kind of telemetry goes.
  package struct Destination: Sendable, Hashable {
    /// The complete address that is posted to.
    package var address: String
    /// The headers that go with it, which may be secret.
    package var headers: [HTTPField]

    /// The receiver at `address`.
    package init(address: String, headers: [HTTPField] = []) {
      self.address = address
      self.headers = headers
    }
  }

  /// How spans wait to be exported (`OTEL_BSP_…`).
  package struct Batching: Sendable, Hashable {
    /// The most spans that wait; further ones are dropped and counted.
    package var queueLimit = 2048
    /// The most spans of one request.
    package var batchLimit = 512
    /// The longest time that a span waits for others.
    package var delay: Duration = .seconds(5)

    /// The limits that the OpenTelemetry specification names.
    package init() {}
  }

  /// An attribute of everything that is exported.
  package struct ResourceAttribute: Sendable, Hashable {
    /// The name.
    package var name: String
    /// The value.
    package var value: String

    /// An attribute.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Where traces go; nil exports none.
  package var traces: Destination?
  /// Where metrics go; nil exports none.
  package var metrics: Destination?
  /// What the environment says of this service; its name is always among it.
  package var resource: [ResourceAttribute]
  /// Which traces are exported.
  package var sampler: Sampler
  /// How long a request to a receiver may take.
  package var timeout: Duration
  /// How often metrics are exported.
  package var metricInterval: Duration
  /// How spans are batched.
  package var batching: Batching

  /// Nothing is exported until a destination is set.
  package init() {
    resource = [ResourceAttribute("service.name", "privirun")]
    sampler = .standard
    timeout = .seconds(10)
    metricInterval = .seconds(60)
    batching = Batching()
  }

  /// Whether there is anything to do.
  package var isOff: Bool { traces == nil && metrics == nil }
}
