package import Events
import Tracing

/// Spans as `POST /v1/traces` has them (OTLP 1, JSON).
package enum OTLPSpans {
  /// The whole body.
  package static func body(_ spans: [SpanRecord], of resource: OTLPResource) -> EncodedJSON {
    .object([
      "resourceSpans": .list([resource.json("scopeSpans", "spans", spans.map(json))])
    ])
  }

  /// One span.
  package static func json(_ span: SpanRecord) -> EncodedJSON {
    .object([
      "traceId": .text("\(span.identity.trace)"), "spanId": .text("\(span.identity.span)"),
      "parentSpanId": span.parent.map { .text("\($0.span)") },
      "flags": .count(flags(of: span)), "name": .text(span.name),
      "kind": .count(number(of: span.kind)),
      "startTimeUnixNano": OTLPAttribute.integer(span.start),
      "endTimeUnixNano": OTLPAttribute.integer(span.end),
      "attributes": list(attributes(span.attributes)), "events": list(span.events.map(json)),
      "droppedEventsCount": span.droppedEventCount == 0 ? nil : .count(span.droppedEventCount),
      "links": list(span.links.map(json)), "status": span.status.map(json),
    ])
  }

  private static func list(_ elements: [EncodedJSON]) -> EncodedJSON? {
    elements.isEmpty ? nil : .list(elements)
  }

  /// The flags of the trace, that it is known where the parent is, and whether that is another process.
  private static func flags(of span: SpanRecord) -> Int {
    (span.identity.isSampled ? 1 : 0) | 1 << 8 | (span.parent?.isRemote ?? false ? 1 << 9 : 0)
  }

  private static func number(of kind: SpanKind) -> Int {
    switch kind {
    case .internal: 1
    case .server: 2
    case .client: 3
    case .producer: 4
    case .consumer: 5
    }
  }

  private static func json(_ event: SpanEvent) -> EncodedJSON {
    .object([
      "timeUnixNano": OTLPAttribute.integer(event.nanosecondsSinceEpoch),
      "name": .text(event.name), "attributes": list(attributes(event.attributes)),
    ])
  }

  private static func json(_ link: SpanIdentity) -> EncodedJSON {
    .object(["traceId": .text("\(link.trace)"), "spanId": .text("\(link.span)")])
  }

  private static func json(_ status: SpanStatus) -> EncodedJSON {
    switch status.code {
    case .ok: .object(["code": .count(1)])
    case .error: .object(["code": .count(2), "message": status.message.map(EncodedJSON.text)])
    }
  }

  /// In the order of their names.
  private static func attributes(_ attributes: SpanAttributes) -> [EncodedJSON] {
    var all: [(String, SpanAttribute)] = []
    let add = { all.append(($0, $1)) }
    attributes.forEach(add)
    return all.sorted { $0.0 < $1.0 }.compactMap { name, value in
      json(value).map { OTLPAttribute.json(name, $0) }
    }
  }

  private static func json(_ value: SpanAttribute) -> EncodedJSON? {
    switch value {
    case .int32(let number): .object(["intValue": OTLPAttribute.integer(number)])
    case .int64(let number): .object(["intValue": OTLPAttribute.integer(number)])
    case .double(let number): .object(["doubleValue": .number(number)])
    case .bool(let flag): .object(["boolValue": .bool(flag)])
    case .string(let text): .object(["stringValue": .text(text)])
    case .stringConvertible(let value): .object(["stringValue": .text("\(value)")])
    case .int32Array(let numbers): array(numbers.map { .int32($0) })
    case .int64Array(let numbers): array(numbers.map { .int64($0) })
    case .doubleArray(let numbers): array(numbers.map { .double($0) })
    case .boolArray(let flags): array(flags.map { .bool($0) })
    case .stringArray(let texts): array(texts.map { .string($0) })
    case .stringConvertibleArray(let values): array(values.map { .string("\($0)") })
    // Tracing has a case that nobody may use.
    case _: nil
    }
  }

  private static func array(_ values: [SpanAttribute]) -> EncodedJSON {
    .object(["arrayValue": .object(["values": .list(values.compactMap(json))])])
  }
}
