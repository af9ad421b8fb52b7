import Expressions
import Foundation
import OrderedCollections

/// The part of JSON Schema 2020-12 that this package's schemas use.
struct SchemaValidator: Sendable {
  /// A schema uses a keyword that is not checked here.
  struct UnknownKeyword: Error { let name: String }

  private let root: Value
  private let patterns: Patterns

  init(_ root: Value) {
    self.root = root
    patterns = Patterns(of: root)
  }

  /// Where the value breaks the schema, with the keyword; empty when it is valid.
  func complaints(about value: Value) throws -> [String] {
    try complaints(about: value, root, at: "")
  }

  func accepts(_ value: Value) throws -> Bool { try complaints(about: value).isEmpty }

  private static let annotations: Set<String> = [
    "$schema", "$defs", "$comment", "title", "description", "default", "examples",
    "enumDescriptions", "patternErrorMessage", "then", "else",
  ]

  private func complaints(about value: Value, _ schema: Value, at place: String) throws -> [String]
  {
    if schema == .bool(true) { return [] }
    guard case .map(let keywords) = schema else { return ["\(place): nothing is allowed"] }
    return try keywords.names.flatMap { name in
      guard let keyword = keywords[name], !Self.annotations.contains(name) else {
        return [String]()
      }
      switch value {
      case .map(let map):
        if let found = try complaints(about: map, name, keyword, keywords, at: place) {
          return found
        }
      case .list(let elements):
        if let found = try complaints(about: elements, name, keyword, at: place) { return found }
      case .string(let text):
        if let found = try complaint(about: text, name, keyword) {
          return found ? ["\(place): \(name)"] : []
        }
      case _: break
      }
      return try general(about: value, name, keyword, keywords, at: place)
    }
  }

  // MARK: Any value

  private func general(
    about value: Value, _ name: String, _ keyword: Value, _ all: ValueMap, at place: String
  ) throws -> [String] {
    switch (name, keyword) {
    case ("$ref", .string(let reference)):
      return try complaints(about: value, try definition(reference), at: place)
    case ("type", .string(let type)): return Self.fits(value, type) ? [] : ["\(place): type"]
    case ("type", .list(let types)):
      let fits = types.contains { Self.fits(value, $0.text ?? "") }
      return fits ? [] : ["\(place): type"]
    case ("const", _): return value == keyword ? [] : ["\(place): const"]
    case ("enum", .list(let values)): return values.contains(value) ? [] : ["\(place): enum"]
    case ("minimum", .int(let limit)):
      return Self.number(value).map { $0 < Double(limit) } == true
        ? ["\(place): minimum"] : []
    case ("maximum", .int(let limit)):
      return Self.number(value).map { $0 > Double(limit) } == true
        ? ["\(place): maximum"] : []
    case ("minimum", .double), ("maximum", .double): return []
    case ("allOf", .list(let schemas)):
      return try schemas.flatMap { try complaints(about: value, $0, at: place) }
    case ("anyOf", .list(let schemas)):
      return try fitting(value, schemas) > 0 ? [] : ["\(place): anyOf"]
    case ("oneOf", .list(let schemas)):
      return try fitting(value, schemas) == 1 ? [] : ["\(place): oneOf"]
    case ("not", _):
      return try complaints(about: value, keyword, at: place).isEmpty ? ["\(place): not"] : []
    case ("if", _):
      let holds = try complaints(about: value, keyword, at: place).isEmpty
      guard let branch = all[holds ? "then" : "else"] else { return [] }
      return try complaints(about: value, branch, at: place)
    case (_, _) where Self.typed.contains(name): return []
    case (_, _): throw UnknownKeyword(name: name)
    }
  }

  /// Keywords that say nothing of values of another type.
  private static let typed: Set<String> = [
    "properties", "required", "additionalProperties", "propertyNames", "minProperties",
    "maxProperties", "dependentRequired", "items", "minItems", "maxItems", "uniqueItems", "pattern",
    "minLength", "maxLength",
  ]

  private func fitting(_ value: Value, _ schemas: [Value]) throws -> Int {
    try schemas.count { try complaints(about: value, $0, at: "").isEmpty }
  }

  private func definition(_ reference: String) throws -> Value {
    let name = String(reference.dropFirst("#/$defs/".count))
    guard let found = root[name: "$defs"]?[name: name] else {
      throw UnknownKeyword(name: reference)
    }
    return found
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .double(let number): number
    case _: nil
    }
  }

  private static func fits(_ value: Value, _ type: String) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .list),
      ("object", .map), ("integer", .int), ("number", .int), ("number", .double):
      true
    case ("integer", .double(let number)): number == number.rounded()
    case (_, _): false
    }
  }
}

/// Keywords of one type; nil for a keyword that is none of them.
extension SchemaValidator {
  private func complaints(
    about map: ValueMap, _ name: String, _ keyword: Value, _ all: ValueMap, at place: String
  ) throws -> [String]? {
    switch (name, keyword) {
    case ("properties", .map(let properties)):
      return try properties.names.flatMap { key in
        guard let member = map[key], let schema = properties[key] else { return [String]() }
        return try complaints(about: member, schema, at: "\(place).\(key)")
      }
    case ("additionalProperties", _):
      return try map.names.flatMap { key in
        guard all["properties"]?[name: key] == nil, let member = map[key] else { return [String]() }
        return try complaints(about: member, keyword, at: "\(place).\(key)")
      }
    case ("propertyNames", _):
      return try map.names.flatMap {
        try complaints(about: .string($0), keyword, at: "\(place).\($0)")
      }
    case ("required", .list(let names)):
      return names.filter { map[$0.text ?? ""] == nil }.map { "\(place): no \($0.text ?? "")" }
    case ("dependentRequired", .map(let rules)):
      return rules.names.flatMap { key -> [String] in
        guard map[key] != nil, case .list(let names) = rules[key] else { return [] }
        return names.filter { map[$0.text ?? ""] == nil }.map { "\(place): no \($0.text ?? "")" }
      }
    case ("minProperties", .int(let limit)): return map.count < limit ? ["\(place): \(name)"] : []
    case ("maxProperties", .int(let limit)): return map.count > limit ? ["\(place): \(name)"] : []
    case (_, _): return nil
    }
  }

  private func complaints(
    about elements: [Value], _ name: String, _ keyword: Value, at place: String
  ) throws -> [String]? {
    switch (name, keyword) {
    case ("items", _):
      return try elements.enumerated().flatMap { index, element in
        try complaints(about: element, keyword, at: "\(place)[\(index)]")
      }
    case ("minItems", .int(let limit)): return elements.count < limit ? ["\(place): \(name)"] : []
    case ("maxItems", .int(let limit)): return elements.count > limit ? ["\(place): \(name)"] : []
    case ("uniqueItems", .bool(true)):
      let distinct = Set(elements.map { Self.number($0).map { .double($0) } ?? $0 })
      return distinct.count < elements.count ? ["\(place): \(name)"] : []
    case (_, _): return nil
    }
  }

  /// Whether the text breaks the keyword.
  private func complaint(about text: String, _ name: String, _ keyword: Value) throws -> Bool? {
    switch (name, keyword) {
    case ("pattern", .string(let pattern)): try !patterns.matches(text, pattern)
    case ("minLength", .int(let limit)): text.unicodeScalars.count < limit
    case ("maxLength", .int(let limit)): text.unicodeScalars.count > limit
    case (_, _): nil
    }
  }
}

/// The regular expressions of a schema, compiled.
private struct Patterns: Sendable {
  private var compiled: [String: NSRegularExpression] = [:]

  init(of schema: Value) {
    collect(schema)
  }

  private mutating func collect(_ schema: Value) {
    switch schema {
    case .map(let map):
      for name in map.names {
        guard let value = map[name] else { continue }
        if name == "pattern", let text = value.text {
          compiled[text] = try? NSRegularExpression(pattern: text)
        }
        collect(value)
      }
    case .list(let elements): for element in elements { collect(element) }
    case _: break
    }
  }

  func matches(_ text: String, _ pattern: String) throws -> Bool {
    guard let expression = compiled[pattern] else {
      throw SchemaValidator.UnknownKeyword(name: pattern)
    }
    return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
  }
}

extension Value {
  /// The member of a map, nil for anything else.
  subscript(name name: String) -> Value? {
    if case .map(let map) = self { map[name] } else { nil }
  }
}
