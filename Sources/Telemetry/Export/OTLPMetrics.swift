package import Events
package import Operations

/// Metrics as `POST /v1/metrics` has them (OTLP 1, JSON), cumulative since the process began.
package enum OTLPMetrics {
  /// `AGGREGATION_TEMPORALITY_CUMULATIVE`.
  private static let cumulative = EncodedJSON.count(2)

  /// The whole body, with the numbers as they were at `moment`.
  package static func body(
    _ metrics: [MetricSnapshot], from start: Moment, at moment: Moment, of resource: OTLPResource
  ) -> EncodedJSON {
    let times = Times(start: start, moment: moment)
    return .object([
      "resourceMetrics": .list([
        resource.json("scopeMetrics", "metrics", metrics.map { json($0, times) })
      ])
    ])
  }

  private struct Times {
    let start: Moment
    let moment: Moment
  }

  private static func json(_ metric: MetricSnapshot, _ times: Times) -> EncodedJSON {
    let known = RunMetric(rawValue: metric.name)
    let points = EncodedJSON.list(metric.points.map { json($0, times) })
    var members: [EncodedJSON.Member] = [.init(name: "name", value: .text(metric.name))]
    if let known {
      members.append(.init(name: "description", value: .text(known.text)))
      members.append(.init(name: "unit", value: .text(known.unit)))
    }
    let data: EncodedJSON.Member
    switch metric.points.first?.value {
    case .count, .sum:
      data = .init(
        name: "sum",
        value: .object([
          "aggregationTemporality": cumulative, "isMonotonic": .bool(true), "dataPoints": points,
        ]))
    case .distribution:
      data = .init(
        name: "histogram",
        value: .object(["aggregationTemporality": cumulative, "dataPoints": points]))
    case .latest, nil:
      data = .init(name: "gauge", value: .object(["dataPoints": points]))
    }
    return .object(members + [data])
  }

  private static func json(_ point: MetricSnapshot.Point, _ times: Times) -> EncodedJSON {
    let attributes = point.dimensions.map { dimension in
      OTLPAttribute.json(dimension.name, .object([.text(dimension.value)]))
    }
    var members: [EncodedJSON.Member] = []
    if !attributes.isEmpty { members.append(.init(name: "attributes", value: .list(attributes))) }
    members += [
      .init(
        name: "startTimeUnixNano", value: OTLPAttribute.integer(max(0, times.start.nanoseconds))),
      .init(name: "timeUnixNano", value: OTLPAttribute.integer(max(0, times.moment.nanoseconds))),
    ]
    return .object(members + value(point.value))
  }

  private static func value(_ value: MetricValue) -> [EncodedJSON.Member] {
    switch value {
    case .count(let count): [.init(name: "asInt", value: OTLPAttribute.integer(count))]
    case .sum(let number), .latest(let number): [.init(name: "asDouble", value: .number(number))]
    case .distribution(let distribution):
      [
        .init(name: "count", value: OTLPAttribute.integer(distribution.count)),
        .init(name: "sum", value: .number(distribution.sum)),
        .init(
          name: "bucketCounts", value: .list(distribution.counts.map { OTLPAttribute.integer($0) })),
        .init(name: "explicitBounds", value: .list(distribution.bounds.map { .number($0) })),
      ]
        + (distribution.range.map { range in
          [
            .init(name: "min", value: .number(range.lowerBound)),
            .init(name: "max", value: .number(range.upperBound)),
          ]
        } ?? [])
    }
  }
}
