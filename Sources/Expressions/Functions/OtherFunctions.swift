/// What people call functions in other languages, and what to write here.
enum OtherFunctions {
  /// A hint for a function there is none of: the one that was meant, else the nearest name.
  static func hint(for name: String) -> String? { hints[name.lowercased()] }

  /// A hint for an operator or a function that does not work on values of these types.
  static func hint(for name: String, on types: [String]) -> String? {
    let kinds = types.map { String($0.prefix { $0 != "(" }) }
    if kinds.contains(where: ["null", "null_type"].contains) {
      return "test it before: `value != null && …`"
    }
    switch (name, kinds.first, kinds.last) {
    case ("string", "list", _), ("string", "map", _):
      return "`json.encode(…)` writes a list or a map as a string"
    case ("in", "string", "string"): return "write `text.contains(…)`"
    case ("+", "list", "list"): return nil
    case ("+", "list", _), ("+", _, "list"): return "join lists: `list + [element]`"
    case ("+", "map", _): return "maps cannot be joined: write out the keys"
    case ("+", _, _) where kinds.contains("string"):
      return "convert the other one to a string: `string(…)`"
    case ("*", "string", _), ("*", _, "string"): return "convert a string to a number: `int(…)`"
    default: return nil
    }
  }

  /// A hint for a field of a value that has none.
  static func hint(forField field: String, of type: String) -> String? {
    if ["size", "length", "len", "count"].contains(field) { return "write `size(…)`" }
    return type.hasPrefix("list") ? "choose an element first: `list[0].\(field)`" : nil
  }

  private static let hints: [String: String] = [
    "len": "write `size(…)`", "length": "write `size(…)`", "count": "write `size(…)`",
    "touppercase": "write `upperAscii()`", "upper": "write `upperAscii()`",
    "tolowercase": "write `lowerAscii()`", "lower": "write `lowerAscii()`",
    "strip": "write `trim()`", "includes": "write `contains(…)` or `in`",
    "str": "write `string(…)`", "tostring": "write `string(…)`",
    "parseint": "write `int(…)`", "toint": "write `int(…)`", "float": "write `double(…)`",
    "max": "write `math.greatest(…)`", "min": "write `math.least(…)`",
    "range": "write `lists.range(…)`",
    "now": "there is no clock in expressions; `run.startedAt` is when the run began",
    "today": "there is no clock in expressions; `run.startedAt` is when the run began",
    "printf": "write `'%s'.format([…])`", "sprintf": "write `'%s'.format([…])`",
    "quote": "write `strings.quote(…)`",
    "keys": "a macro goes over the keys of a map: `m.map(key, key)`",
    "values": "a macro goes over keys and values: `m.transformList(key, value, value)`",
    "sorted": "write `sort()` or `sortBy(x, x.field)`", "unique": "write `distinct()`",
    "uniq": "write `distinct()`", "flat": "write `flatten()`", "concat": "join lists with `+`",
    "union": "write `(a + b).distinct()`", "intersection": "write `a.filter(x, x in b)`",
    "issubset": "write `sets.contains(all, part)`", "any": "write `list.exists(x, …)`",
    "find": "write `list.filter(x, …)`", "let": "write `cel.bind(name, value, …)`",
    "items": "a macro goes over keys and values: `m.transformList(key, value, …)`",
    "enumerate": "a macro goes over positions and elements: `list.transformList(i, x, …)`",
    "mapvalues": "write `m.transformMap(key, value, …)`",
    "sum": "write the sum out: `a + b`", "abs": "write `math.abs(…)`",
    "round": "write `math.round(…)`", "ceil": "write `math.ceil(…)`",
    "floor": "write `math.floor(…)`", "trunc": "write `math.trunc(…)`",
    "sqrt": "write `math.sqrt(…)`", "reversed": "write `reverse()`",
    "default": "write `a.?b.orValue(…)`", "coalesce": "write `a.?b.orValue(…)`",
    "get": "write `map[?key].orValue(…)`", "getordefault": "write `map[?key].orValue(…)`",
    "orelse": "write `orValue(…)`", "ispresent": "write `hasValue()`",
    "fromjson": "write `json.decode(…)`", "tojson": "write `json.encode(…)`",
    "b64encode": "write `base64.encode(…)`", "b64decode": "write `base64.decode(…)`",
  ]
}
