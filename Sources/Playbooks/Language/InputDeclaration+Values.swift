package import Expressions

extension InputDeclaration {
  /// Why `value`, already of the declared kind, is not allowed; nil when it is.
  ///
  /// The end of a sentence that begins with what the value is for. Never quotes the value.
  package func problem(with value: Value) -> String? {
    if let allowed, !allowed.contains(value.revealed) {
      return "must be one of \(allowed.map(Self.shown).joined(separator: ", "))"
    }
    if let pattern, let text = value.text, !InputPattern.matches(text, pattern: pattern) {
      return "does not match the pattern `\(pattern)`"
    }
    return nil
  }

  private static func shown(_ value: Value) -> String {
    switch value {
    case .string(let text): "`\(text)`"
    case .int(let number): "`\(number)`"
    case .double(let number): "`\(number)`"
    case .null, .bool, .uint, .bytes, .list, .map, .timestamp, .duration, .type, .secret: "•••"
    }
  }
}

extension InputDeclaration.Kind {
  static let names = [
    "string", "integer", "number", "boolean", "secret", "file", "list", "map",
  ]

  init?(named name: String) {
    switch name {
    case "string": self = .string
    case "integer": self = .integer
    case "number": self = .number
    case "boolean": self = .boolean
    case "secret": self = .secret
    case "file": self = .file
    case "list": self = .list(of: nil)
    case "map": self = .map(of: nil)
    default: return nil
    }
  }

  /// The word a playbook uses.
  package var name: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .secret: "secret"
    case .file: "file"
    case .list: "list"
    case .map: "map"
    }
  }

  /// What a person calls a value of this kind.
  package var phrase: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "true or false"
    case .secret: "a secret string"
    case .file: "the path of a file"
    case .list(let element): "a list" + Self.suffix(element)
    case .map(let element): "a map" + Self.suffix(element)
    }
  }

  private static func suffix(_ element: InputDeclaration.Kind?) -> String {
    element.map { " of `\($0.name)`" } ?? ""
  }

  /// The declared kind of a list's or map's elements, or nil.
  var element: InputDeclaration.Kind? {
    switch self {
    case .list(let element), .map(let element): element
    case .string, .integer, .number, .boolean, .secret, .file: nil
    }
  }

  /// Whether a value of this kind is or contains a secret.
  package var holdsSecret: Bool {
    switch self {
    case .secret: true
    case .string, .integer, .number, .boolean, .file, .list, .map: element?.holdsSecret ?? false
    }
  }

  /// `value` as this kind holds it, or nil when it is of another.
  ///
  /// Integers become doubles where a `number` is required, and strings secret where a `secret`
  /// is. Secrets are taken for what they hide, and stay secret.
  package func value(from value: Value) -> Value? {
    if case .secret(let secret) = value {
      return self.value(from: secret.reveal())?.hidden
    }
    switch (self, value) {
    case (.string, .string), (.file, .string), (.integer, .int), (.number, .double),
      (.boolean, .bool):
      return value
    case (.secret, .string): return value.hidden
    case (.number, .int(let number)): return .double(Double(number))
    case (.list(let element), .list(let values)): return Self.list(values, of: element)
    case (.map(let element), .map(let map)): return Self.map(map, of: element)
    case (.string, _), (.file, _), (.integer, _), (.number, _), (.boolean, _), (.secret, _),
      (.list, _), (.map, _):
      return nil
    }
  }

  private static func list(_ values: [Value], of element: InputDeclaration.Kind?) -> Value? {
    guard let element else { return .list(values) }
    let converted = values.compactMap { element.value(from: $0) }
    return converted.count == values.count ? .list(converted) : nil
  }

  private static func map(_ map: ValueMap, of element: InputDeclaration.Kind?) -> Value? {
    guard let element else { return .map(map) }
    var converted = ValueMap()
    for name in map.names {
      guard let value = map[name].flatMap({ element.value(from: $0) }) else { return nil }
      converted[name] = value
    }
    return converted.count == map.count ? .map(converted) : nil
  }
}
