import EventSamples
import Events
import Expressions
import Foundation
import Operations
import OrderedCollections
import Testing

@Suite struct EncodedEventTests {
  private static let lines = SampleRun.events.map { EncodedEvent($0, of: SampleRun.run).line }

  private static let allLines =
    lines + SampleRun.later.map { EncodedEvent($0, of: SampleRun.run).line } + rolloutLines

  private static let rolloutLines =
    SampleRollout.events.map { EncodedEvent($0, of: SampleRollout.rollout).line }
    + SampleRollout.tenant.map { EncodedEvent($0, of: SampleRun.run).line }

  @Test func `every event of the sample run has its kept line`() throws {
    let text = Self.lines.joined(separator: "\n") + "\n"
    #expect(try text == Snapshot.kept("sample-run.jsonl", insteadOf: text))
  }

  @Test func `every event of the sample rollout has its kept line`() throws {
    let text = Self.rolloutLines.joined(separator: "\n") + "\n"
    #expect(try text == Snapshot.kept("sample-rollout.jsonl", insteadOf: text))
  }

  @Test func `every line is one line of JSON that another reader understands`() throws {
    for line in Self.lines {
      #expect(!line.contains("\n"))
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
  }

  @Test(arguments: PlantedSecrets.spellings)
  func `no secret is in any line`(spelling: String) {
    #expect(!Self.allLines.contains { $0.contains(spelling) })
  }

  @Test func `no line can steer a terminal`() {
    let steering = Self.allLines.joined().unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: true
      case _: false
      }
    }
    #expect(Array(steering) == [])
  }

  @Test(
    arguments: [
      (Value.null, "null"), (true, "true"), (-7, "-7"), (.int(.min), "-9223372036854775808"),
      (.uint(.max), "18446744073709551615"), (.double(1), "1.0"), (.double(1e-7), "1e-07"),
      (.double(.nan), #""NaN""#), (.double(-.infinity), #""-Infinity""#),
      (
        .string("a\"\\\n\u{1B}\u{202E}é\u{1F600}\u{E0041}"),
        #""a\"\\\n\u001b\u202eé😀\udb40\udc41""#
      ),
      (.bytes([0, 255]), #""AP8=""#),
      (.bytes([UInt8](repeating: 1, count: 1025)), #"{"bytes":1025}"#),
      (.list(["a", .map(["b": 1])]), #"["a",{"b":1}]"#),
      (.timestamp(Timestamp(seconds: -1, nanoseconds: 5_000_000)), #""1969-12-31T23:59:59.005Z""#),
      (.timestamp(Timestamp(seconds: 951_782_400, nanoseconds: 0)), #""2000-02-29T00:00:00Z""#),
      (
        .timestamp(Timestamp(seconds: .max, nanoseconds: 0)), #""292277026596-12-04T15:30:07Z""#
      ),
      (
        .timestamp(Timestamp(seconds: .min, nanoseconds: 0)), #""-292277022657-01-27T08:29:52Z""#
      ),
      (.duration(.seconds(2)), "2000"), (.duration(.microseconds(1500)), "1.5"),
      (.type("int"), #""int""#), (.secret(text: "x"), #""•••""#),
      (.secret(Secret(.map(["a": 1]))), #""•••""#),
      (.unknown(Unknown("a.id")), #"{"$unknown":["a.id"]}"#),
      (["a": [.unknown(Unknown("a.id"))]], #"{"a":[{"$unknown":["a.id"]}]}"#),
      (.secret(Secret(.unknown(Unknown("a.id")))), #"{"$unknown":["a.id"]}"#),
      (.map(ValueMap([.int(1): "a", .bool(true): "b"])), #"{"1":"a","true":"b"}"#),
      (
        .map(ValueMap([.int(1): "a", "1": "b"])),
        #"[{"key":1,"value":"a"},{"key":"1","value":"b"}]"#
      ),
    ] as [(Value, String)])
  func `a value has one JSON form`(value: Value, expected: String) {
    #expect(EncodedValue.json(value).line == expected)
  }

  @Test(arguments: [
    (Int64(0), "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
    (1_767_225_600_123_456_789, "2026-01-01T00:00:00.123456Z"),
    (.max, "2262-04-11T23:47:16.854775Z"), (.min, "1677-09-21T00:12:43.145224Z"),
  ])
  func `an instant has six digits`(nanoseconds: Int64, expected: String) {
    #expect(Moment(nanoseconds: nanoseconds).text == expected)
  }
}
