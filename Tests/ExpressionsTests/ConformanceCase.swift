import Expressions
import Foundation
import OrderedCollections
import Testing

/// One case of the CEL specification's own tests; `Fixtures/cel-conformance/README.md` names the
/// form.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  enum Expectation: Sendable {
    case value(Value)
    case error
  }

  var name: String
  var source: String
  var bindings: Bindings = [:]
  var expectation: Expectation
  /// Whether the case asks not to be checked first.
  var isDynamic: Bool

  var testDescription: String { name }

  /// The cases of one file, without `.jsonl`.
  static func load(_ file: String) throws -> [ConformanceCase] {
    let url = try #require(
      Bundle.module.url(
        forResource: file, withExtension: "jsonl", subdirectory: "Fixtures/cel-conformance"))
    let lines = try Data(contentsOf: url).split(separator: UInt8(ascii: "\n"))
    return try lines.map { try ConformanceCase(JSON.parse($0)) }
  }

  private init(_ record: Value) throws {
    name = try #require(record[field: "name"]?.text)
    source = try #require(record[field: "expr"]?.text)
    isDynamic = record[field: "dynamic"] == true
    expectation = try record[field: "value"].map { .value(try Self.value($0)) } ?? .error
    for (key, value) in record[field: "bindings"]?.fields?.entries ?? [:] {
      bindings[try #require(key.text)] = try Self.value(value)
    }
  }

  /// Reads a typed value such as `{"int": "1"}`.
  private static func value(_ record: Value) throws -> Value {
    let name = try #require(record.fields?.names.first)
    let content = try #require(record[field: name])
    switch (name, content) {
    case ("null", _): return .null
    case ("bool", let value): return value
    case ("int", .string(let text)): return .int(try #require(Int64(text)))
    case ("uint", .string(let text)): return .uint(try #require(UInt64(text)))
    case ("double", .string(let text)): return .double(try #require(Double(text)))
    case ("double", let value): return value
    case ("string", let value): return value
    case ("bytes", .string(let text)):
      return .bytes(Array(try #require(Data(base64Encoded: text))))
    case ("type", .string(let name)): return .type(name)
    case ("list", .list(let elements)): return .list(try elements.map(value))
    case ("map", .list(let entries)):
      var map: OrderedDictionary<Value, Value> = [:]
      for case .list(let entry) in entries { map[try value(entry[0])] = try value(entry[1]) }
      return .map(ValueMap(map))
    default: throw UnknownForm(record: record)
    }
  }

  private struct UnknownForm: Error {
    var record: Value
  }
}
