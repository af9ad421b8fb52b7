import Diagnostics
import Expressions
import Playbooks
import Testing

struct CoreSchemaTests {
  static let plain: [(String, Value)] = [
    ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null),
    ("nULL", "nULL"), ("true", true), ("True", true), ("TRUE", true), ("tRUE", "tRUE"),
    ("false", false), ("False", false), ("FALSE", false), ("no", "no"), ("on", "on"),
    ("yes", "yes"), ("y", "y"), ("off", "off"), ("0", 0), ("12", 12), ("-12", -12), ("+12", 12),
    ("012", 12), ("0o17", 15), ("0x1F", 31), ("0xff", 255), ("-0x1F", "-0x1F"), ("0o8", "0o8"),
    ("0b11", "0b11"), ("1_000", "1_000"), ("12e3", .double(12000)), ("1.5", 1.5), ("1.", 1.0),
    (".5", 0.5), ("-.5", -0.5), ("+1.5e-3", 0.0015), ("1e", "1e"), (".", "."), ("-", "-"),
    ("1.2.3", "1.2.3"), (".inf", .double(.infinity)), ("-.INF", .double(-.infinity)),
    ("+.Inf", .double(.infinity)), (".iNF", ".iNF"), ("inf", "inf"), ("nan", "nan"),
    ("2026-01-01", "2026-01-01"), ("12:30", "12:30"), ("0x", "0x"), ("0o", "0o"),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .double(9_223_372_036_854_775_808)),
    ("0x10000000000000000", .double(18_446_744_073_709_551_616)),
  ]

  @Test(arguments: plain)
  func `a plain scalar means what the core schema says`(text: String, value: Value) {
    #expect(CoreSchema.value(of: text) == value)
  }

  @Test(arguments: [".nan", ".NaN", ".NAN"])
  func `not a number is a double`(text: String) {
    guard case .double(let number) = CoreSchema.value(of: text) else {
      Issue.record("no double")
      return
    }
    #expect(number.isNaN)
  }

  @Test(arguments: ["'12'", "\"12\"", "|-\n  12", ">-\n  12", "!!str 12", "! 12"])
  func `anything but a plain scalar is text`(text: String) throws {
    let node = try YAMLNode(parsing: Array("a: \(text)\n".utf8), file: "a.yaml")
    #expect(node.value == ["a": "12"])
  }

  @Test func `a tree becomes plain data`() throws {
    let text = """
      a: [1, two, {b: null}]
      1: &x {c: .5}
      d: *x
      e:
      """
    let node = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    #expect(
      node.value == [
        "a": [1, "two", ["b": nil]], "1": ["c": 0.5], "d": ["c": 0.5], "e": nil,
      ])
  }
}
