import Events

/// What everything that is exported says of its origin: the service, and the program.
package struct OTLPResource: Sendable, Hashable {
  /// The attributes of the service.
  package var attributes: [TelemetrySettings.ResourceAttribute]
  /// The program's version, which is also that of its instrumentation.
  package var version: String

  /// The service that `attributes` describe, which this program of `version` is.
  ///
  /// What `attributes` say of the same names counts.
  package init(_ attributes: [TelemetrySettings.ResourceAttribute], version: String) {
    let own: [TelemetrySettings.ResourceAttribute] = [
      .init("service.version", version), .init("telemetry.sdk.language", "swift"),
      .init("telemetry.sdk.name", "privirun"), .init("telemetry.sdk.version", version),
    ]
    let given = Set(attributes.map(\.name))
    self.attributes = attributes + own.filter { !given.contains($0.name) }
    self.version = version
  }

  /// `{"resource":…,"NAME":[{"scope":…,"ITEMS":[…]}]}`.
  func json(
    _ scopes: String, _ items: String, _ elements: [EncodedJSON]
  ) -> EncodedJSON {
    let scope = EncodedJSON.object(["name": "privirun", "version": .text(version)])
    let attributes = attributes.map { OTLPAttribute.json($0.name, .object([.text($0.value)])) }
    return .object([
      .init(name: "resource", value: .object(["attributes": .list(attributes)])),
      .init(
        name: scopes,
        value: .list([
          .object([
            .init(name: "scope", value: scope), .init(name: items, value: .list(elements)),
          ])
        ])),
    ])
  }
}

/// Attributes in the JSON form of OTLP.
enum OTLPAttribute {
  static func json(_ name: String, _ value: EncodedJSON) -> EncodedJSON {
    .object(["key": .text(name), "value": value])
  }

  /// 64-bit integers are strings (Protocol Buffers, JSON mapping).
  static func integer(_ value: some BinaryInteger) -> EncodedJSON { .text(String(value)) }
}

extension EncodedJSON.Member {
  static func text(_ text: String) -> Self { .init(name: "stringValue", value: .text(text)) }
}
