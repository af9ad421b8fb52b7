import Operations
import Telemetry
import Testing

/// What `OTEL_…` variables mean.
@Suite struct TelemetryReadingTests {
  private static let endpoint = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"]

  private func reading(_ others: [String: String]) -> TelemetryReading {
    TelemetryReading(Self.endpoint.merging(others) { $1 })
  }

  @Test func `nothing is exported unless an endpoint is named`() {
    let reading = TelemetryReading(["OTEL_SERVICE_NAME": "x", "OTEL_BSP_MAX_QUEUE_SIZE": "many"])
    #expect(reading.settings == TelemetrySettings())
    #expect(reading.settings.isOff)
    #expect(reading.warnings == [])
    #expect(!TelemetryReading.isOn(["OTEL_EXPORTER_OTLP_ENDPOINT": ""]))
    #expect(TelemetryReading.isOn(["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "x"]))
  }

  @Test func `an endpoint is the receiver of both, below its path`() {
    var expected = TelemetrySettings()
    expected.traces = .init(address: "http://localhost:4318/v1/traces")
    expected.metrics = .init(address: "http://localhost:4318/v1/metrics")
    #expect(reading([:]).settings == expected)
    let below = TelemetryReading(["OTEL_EXPORTER_OTLP_ENDPOINT": "https://a.example/otlp/"])
    #expect(below.settings.traces?.address == "https://a.example/otlp/v1/traces")
  }

  @Test func `an endpoint of its own is taken as it is`() {
    let settings = reading([
      "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://jaeger.example/api/otlp"
    ]).settings
    #expect(settings.traces?.address == "https://jaeger.example/api/otlp")
    #expect(settings.metrics?.address == "http://localhost:4318/v1/metrics")
  }

  @Test func `one kind can be left out, and all of it`() {
    #expect(reading(["OTEL_TRACES_EXPORTER": "none"]).settings.traces == nil)
    #expect(reading(["OTEL_METRICS_EXPORTER": "none"]).settings.metrics == nil)
    #expect(reading(["OTEL_SDK_DISABLED": "True"]).settings.isOff)
    #expect(!reading(["OTEL_SDK_DISABLED": "1"]).settings.isOff)
  }

  @Test func `headers are those of all and of one kind, decoded`() {
    let settings = reading([
      "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b%2Cc, x-team = blue",
      "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "API-Key=other",
    ]).settings
    #expect(
      settings.traces?.headers == [HTTPField("x-team", "blue"), HTTPField("API-Key", "other")])
    #expect(
      settings.metrics?.headers == [HTTPField("api-key", "a b,c"), HTTPField("x-team", "blue")])
  }

  @Test func `the service has a name and attributes`() {
    let settings = reading([
      "OTEL_RESOURCE_ATTRIBUTES": "service.name=b,deployment.environment.name=staging%2F1",
      "OTEL_SERVICE_NAME": "a",
    ]).settings
    #expect(
      settings.resource == [
        .init("service.name", "a"), .init("deployment.environment.name", "staging/1"),
      ])
    #expect(
      reading(["OTEL_RESOURCE_ATTRIBUTES": "service.name=b"]).settings.resource == [
        .init("service.name", "b")
      ])
  }

  @Test func `limits are milliseconds and counts`() {
    let settings = reading([
      "OTEL_EXPORTER_OTLP_TIMEOUT": "2500", "OTEL_METRIC_EXPORT_INTERVAL": "100",
      "OTEL_BSP_SCHEDULE_DELAY": "20", "OTEL_BSP_MAX_QUEUE_SIZE": "10",
      "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "50",
    ]).settings
    #expect(settings.timeout == .milliseconds(2500))
    #expect(settings.metricInterval == .milliseconds(100))
    #expect(settings.batching.delay == .milliseconds(20))
    #expect(settings.batching.queueLimit == 10)
    #expect(settings.batching.batchLimit == 10)
  }

  @Test(arguments: [
    ("always_on", "", Sampler(.always, isParentBased: false)),
    ("always_off", "", Sampler(.never, isParentBased: false)),
    ("traceidratio", "0.25", Sampler(.ratio(0.25), isParentBased: false)),
    ("parentbased_always_on", "", Sampler(.always, isParentBased: true)),
    ("parentbased_always_off", "0.5", Sampler(.never, isParentBased: true)),
    ("parentbased_traceidratio", "", Sampler(.ratio(1), isParentBased: true)),
  ])
  func `samplers have the names of the specification`(
    _ name: String, _ argument: String, _ sampler: Sampler
  ) {
    let reading = reading(["OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": argument])
    #expect(reading.settings.sampler == sampler)
    #expect(reading.warnings == [])
  }

  @Test(arguments: [
    (
      "OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318",
      [
        "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL such as `http://localhost:4318`: no traces are "
          + "exported",
        "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL such as `http://localhost:4318`: no metrics are "
          + "exported",
      ]
    ),
    (
      "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc",
      [
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is `grpc`, and only http/json is supported, by which "
          + "collectors receive on port 4318: no traces are exported"
      ]
    ),
    (
      "OTEL_METRICS_EXPORTER", "prometheus",
      [
        "OTEL_METRICS_EXPORTER is `prometheus`, and only otlp and none are supported: no metrics are "
          + "exported"
      ]
    ),
    (
      "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "planted-secret",
      [
        "OTEL_EXPORTER_OTLP_METRICS_HEADERS is not a list such as `name=value,other=value`, and is ignored"
      ]
    ),
    (
      "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "a=planted%0D%0Asecret",
      [
        "OTEL_EXPORTER_OTLP_METRICS_HEADERS is not a list such as `name=value,other=value`, and is ignored"
      ]
    ),
    (
      "OTEL_RESOURCE_ATTRIBUTES", "a=1,b",
      ["OTEL_RESOURCE_ATTRIBUTES is not a list such as `name=value,other=value`, and is ignored"]
    ),
    (
      "OTEL_TRACES_SAMPLER", "jaeger_remote",
      [
        "OTEL_TRACES_SAMPLER is `jaeger_remote`, not one of always_off, always_on, "
          + "parentbased_always_off, parentbased_always_on, parentbased_traceidratio, traceidratio: "
          + "parentbased_always_on is used"
      ]
    ),
    (
      "OTEL_EXPORTER_OTLP_TIMEOUT", "10s",
      ["OTEL_EXPORTER_OTLP_TIMEOUT is `10s`, not a number from 1 to 86400000: 10000 is used"]
    ),
    ("OTEL_SDK_DISABLED", "1", ["OTEL_SDK_DISABLED is `1`, neither true nor false: false is used"]),
    ("OTEL_SDK_DISABLED", "False", []),
    (
      "OTEL_BSP_MAX_QUEUE_SIZE", "0",
      ["OTEL_BSP_MAX_QUEUE_SIZE is `0`, not a number from 1 to 1000000: 2048 is used"]
    ),
  ])
  func `what cannot be understood is said, and repeats no header`(
    _ name: String, _ value: String, _ warnings: [String]
  ) {
    #expect(reading([name: value]).warnings == warnings)
  }

  @Test func `a ratio that is no number counts as all`() {
    let reading = reading([
      "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "2",
    ])
    #expect(reading.settings.sampler == Sampler(.ratio(1), isParentBased: false))
    #expect(
      reading.warnings == ["OTEL_TRACES_SAMPLER_ARG is `2`, not a number from 0 to 1: 1 is used"])
  }

  @Test func `gRPC for both exports nothing`() {
    let reading = reading(["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"])
    #expect(reading.settings.isOff)
    #expect(reading.warnings.count == 2)
  }
}
