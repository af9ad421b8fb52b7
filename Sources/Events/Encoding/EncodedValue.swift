package import Expressions
import FoundationEssentials

/// A value as it leaves the process: secrets masked, long bytes counted only, unknown values marked.
package enum EncodedValue {
  /// Longer bytes appear as `{"bytes": count}`.
  package static let longestBytes = 1024

  /// The JSON of `value`.
  ///
  /// Timestamps are RFC 3339 texts, durations milliseconds, types their names, bytes base64. What is
  /// unknown is an object with the one member `$unknown`, the list of what it waits for.
  package static func json(_ value: Value) -> EncodedJSON {
    switch value {
    case .null: .null
    case .bool(let bool): .bool(bool)
    case .int(let int): .integer(int)
    case .uint(let uint): .unsigned(uint)
    case .double(let double): .number(double)
    case .string(let string): .text(string)
    case .bytes(let bytes): json(bytes)
    case .list(let elements): .list(elements.map(json))
    case .map(let map): json(map)
    case .timestamp(let timestamp):
      .text(timestamp.text)
    case .duration(let duration): .milliseconds(duration)
    case .type(let name): .text(name)
    case .secret: value.unknown.map(json) ?? .text(Secret.mask)
    case .unknown(let unknown): json(unknown)
    }
  }

  /// The JSON object of `map`; a list of `{"key", "value"}` when two keys read alike (1 and "1").
  package static func json(_ map: ValueMap) -> EncodedJSON {
    let members = map.entries.map { key, value in
      EncodedJSON.Member(name: name(of: key), value: json(value))
    }
    if Set(members.map(\.name)).count == members.count { return .object(members) }
    return .list(map.entries.map { .object(["key": json($0), "value": json($1)]) })
  }

  private static func json(_ unknown: Unknown) -> EncodedJSON {
    .object([Unknown.memberName: .list(unknown.sources.map(EncodedJSON.text))])
  }

  private static func json(_ bytes: [UInt8]) -> EncodedJSON {
    bytes.count <= longestBytes
      ? .text(Data(bytes).base64EncodedString()) : .object(["bytes": .count(bytes.count)])
  }

  private static func name(of key: Value) -> String {
    switch key {
    case .string(let text): text
    case .secret: Secret.mask
    case .null, .bool, .int, .uint, .double, .bytes, .list, .map, .timestamp, .duration, .type,
      .unknown:
      json(key).line
    }
  }
}
