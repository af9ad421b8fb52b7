/// What people call functions in other languages, and what to write here.
enum OtherFunctions {
  /// A hint for a function there is none of: the one that was meant, else the nearest name.
  static func hint(for name: String) -> String? { hints[name.lowercased()] }

  /// A hint for an operator between operands of types it does not work on.
  static func hint(for symbol: String, on types: [String]) -> String? {
    guard types.contains("string") else { return nil }
    return switch symbol {
    case "+": "convert the other one to a string: `string(…)`"
    case "in" where types.last == "string": "write `text.contains(…)`"
    case _: nil
    }
  }

  /// A hint for a function that does not work on values of these types.
  static func hint(for name: String, called types: [StaticType]) -> String? {
    switch (name, types.first) {
    case ("string", .list), ("string", .map), ("string", .object):
      "`json.encode(…)` writes a list or a map as a string"
    default: nil
    }
  }

  private static let hints: [String: String] = [
    "len": "write `size(…)`", "length": "write `size(…)`", "count": "write `size(…)`",
    "touppercase": "write `upperAscii()`", "upper": "write `upperAscii()`",
    "tolowercase": "write `lowerAscii()`", "lower": "write `lowerAscii()`",
    "strip": "write `trim()`", "includes": "write `contains(…)` or `in`",
    "str": "write `string(…)`", "tostring": "write `string(…)`",
    "parseint": "write `int(…)`", "toint": "write `int(…)`", "float": "write `double(…)`",
    "max": "write `a > b ? a : b`", "min": "write `a < b ? a : b`",
    "range": "write the list out: [0, 1, 2]",
    "now": "there is no clock in expressions; `run.startedAt` is when the run began",
    "today": "there is no clock in expressions; `run.startedAt` is when the run began",
    "format": "join strings with `+` and `string(…)`, or write `${{ … }}` inside a string",
    "printf": "join strings with `+` and `string(…)`, or write `${{ … }}` inside a string",
    "keys": "a macro goes over the keys of a map: `m.map(key, key)`",
    "values": "a macro goes over the keys of a map: `m.map(key, m[key])`",
    "default": "write `has(a.b) ? a.b : …`", "coalesce": "write `has(a.b) ? a.b : …`",
    "fromjson": "write `json.decode(…)`", "tojson": "write `json.encode(…)`",
    "b64encode": "write `base64.encode(…)`", "b64decode": "write `base64.decode(…)`",
  ]
}
