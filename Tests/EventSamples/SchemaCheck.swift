import Foundation

/// The part of JSON Schema 2020-12 that the schemas of events and runs use, checked.
package struct SchemaCheck {
  /// A schema, or a document, that is no object.
  package struct NoObject: Error {}

  private let root: [String: Any]
  private let definitions: [String: [String: Any]]

  /// The schema `name`, such as `event.schema.json`, of this package.
  package init(named name: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appending(path: "schemas/\(name)"))
    self.root = try Self.object(data)
    guard let definitions = self.root["$defs"] as? [String: [String: Any]] else { throw NoObject() }
    self.definitions = definitions
  }

  private static func object(_ data: Data) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: data)
    guard let object = object as? [String: Any] else { throw NoObject() }
    return object
  }

  /// What is wrong with a document of the schema; empty when it is valid.
  package func complaints(aboutDocument text: String) throws -> [String] {
    complaints(about: try Self.object(Data(text.utf8)), root, at: "document")
  }

  /// The types of events, each a definition of its own.
  package var eventTypes: [String] {
    (root["oneOf"] as? [[String: Any]] ?? []).compactMap { ($0["$ref"] as? String).map(name) }
  }

  /// The members that the schema of a type of event knows.
  package func properties(ofType type: String) -> Set<String> {
    Set((definitions[type]?["properties"] as? [String: Any] ?? [:]).keys)
  }

  /// What is wrong with an event; the schema of its type is chosen by the member `type`.
  package func complaints(about event: [String: Any]) -> [String] {
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
      + elementComplaints(about: value, schema, at: place)
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
      } else if let other = schema["additionalProperties"] as? [String: Any] {
        complaints += self.complaints(about: member, other, at: "\(place).\(name)")
      }
    }
    return complaints
  }

  private func elementComplaints(
    about value: Any, _ schema: [String: Any], at place: String
  ) -> [String] {
    guard let elements = value as? [Any], let items = schema["items"] as? [String: Any] else {
      return []
    }
    return elements.enumerated().flatMap { index, element in
      complaints(about: element, items, at: "\(place)[\(index)]")
    }
  }

  private func fits(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "string": value is String
    case "boolean": value is Bool
    case "integer": (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } ?? false
    case "number": value is NSNumber
    case "object": value is [String: Any]
    case "array": value is [Any]
    case _: false
    }
  }
}
