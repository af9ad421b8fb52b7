import Expressions
import Operations

/// Instants in answers: RFC 3339 texts, timestamps, or seconds since 1970.
enum InstantReading {
  static func moment(_ value: Value) -> Moment? {
    switch value {
    case .timestamp(let timestamp):
      moment(second: timestamp.seconds, nanoseconds: Int64(timestamp.nanoseconds))
    case .int(let second): moment(second: second, nanoseconds: 0)
    case .string(let text): Timestamp(rfc3339: text).flatMap { moment(.timestamp($0)) }
    case .null, .bool, .uint, .double, .bytes, .list, .map, .duration, .type, .secret, .unknown: nil
    }
  }

  private static func moment(second: Int64, nanoseconds: Int64) -> Moment? {
    let (scaled, overflows) = second.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carries) = scaled.addingReportingOverflow(nanoseconds)
    return overflows || carries ? nil : Moment(nanoseconds: sum)
  }
}
