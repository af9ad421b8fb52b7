import Foundation
import Testing

/// The part of JSON Schema 2020-12 that `event.schema.json` uses, checked.
struct SchemaCheck {
  private let root: [String: Any]
  private let definitions: [String: [String: Any]]

  init(_ data: Data) throws {
    let object = try JSONSerialization.jsonObject(with: data)
    root = try #require(object as? [String: Any])
    definitions = try #require(root["$defs"] as? [String: [String: Any]])
  }

  /// The types of events, each a definition of its own.
  var eventTypes: [String] {
    (root["oneOf"] as? [[String: Any]] ?? []).compactMap { ($0["$ref"] as? String).map(name) }
  }

  func properties(ofType type: String) -> Set<String> {
    Set((definitions[type]?["properties"] as? [String: Any] ?? [:]).keys)
  }

  /// What is wrong with an event; the schema of its type is chosen by the member `type`.
  func complaints(about event: [String: Any]) -> [String] {
    guard let type = event["type"] as? String, let schema = definitions[type],
      eventTypes.contains(type)
    else { return ["no such type"] }
    return complaints(about: event, schema, at: type)
  }

  private func name(_ reference: String) -> String {
    String(reference.dropFirst("#/$defs/".count))
  }

  private func complaints(about value: Any, _ schema: [String: Any], at place: String) -> [String] {
    var complaints: [String] = []
    if let reference = schema["$ref"] as? String {
      guard let target = definitions[name(reference)] else { return ["\(place): no \(reference)"] }
      complaints += self.complaints(about: value, target, at: place)
    }
    if let type = schema["type"] as? String, !fits(value, type) {
      complaints.append("\(place): not \(type)")
    }
    if let constant = schema["const"] as? NSObject, constant != value as? NSObject {
      complaints.append("\(place): not \(constant)")
    }
    if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "") {
      complaints.append("\(place): not one of \(words)")
    }
    if let pattern = schema["pattern"] as? String, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      complaints.append("\(place): does not match \(pattern)")
    }
    if let choices = schema["oneOf"] as? [[String: Any]] {
      let fitting = choices.count { self.complaints(about: value, $0, at: place).isEmpty }
      if fitting != 1 { complaints.append("\(place): fits \(fitting) of the choices") }
    }
    return complaints + objectComplaints(about: value, schema, at: place)
  }

  private func objectComplaints(
    about value: Any, _ schema: [String: Any], at place: String
  ) -> [String] {
    guard let object = value as? [String: Any] else { return [] }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    var complaints: [String] = []
    for name in schema["required"] as? [String] ?? [] where object[name] == nil {
      complaints.append("\(place): no \(name)")
    }
    for (name, member) in object {
      if let property = properties[name] {
        complaints += self.complaints(about: member, property, at: "\(place).\(name)")
      } else if schema["additionalProperties"] as? Bool == false {
        complaints.append("\(place): \(name) is too much")
      }
    }
    return complaints
  }

  private func fits(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "string": value is String
    case "integer": (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } ?? false
    case "number": value is NSNumber
    case "object": value is [String: Any]
    case "array": value is [Any]
    case _: false
    }
  }
}
