package import Expressions
import OrderedCollections

/// Records, whose fields have schemas of their own.
extension ValueSchema {
  /// What is wrong with one part of a value.
  package struct PartObjection: Sendable, Hashable {
    /// The way from the value to the part, such as `[1].roles[0]`; empty for the value itself.
    package var path: String
    /// What is wrong there.
    package var objection: ValueObjection
  }

  /// What is wrong with `value`, which may be secret, and with the records in it, field by field; empty
  /// when it fits, as far as that is known.
  package func partObjections(
    to value: Value, _ origin: ValueType.Provenance = .computed
  ) -> [PartObjection] {
    var found: [PartObjection] = []
    collect(objectionsTo: value, origin, at: "", into: &found)
    return found
  }

  /// The schema of a part of the value: as secret as the whole.
  package func schema(ofPart part: ValueSchema) -> ValueSchema {
    var part = part
    part.isSensitive = isSensitive || part.isSensitive
    return part
  }

  private func collect(
    objectionsTo value: Value, _ origin: ValueType.Provenance, at path: String,
    into found: inout [PartObjection]
  ) {
    let shown = value.isSecret ? value.revealed : value
    switch (type, shown) {
    case (.list(let element), .list(let values)) where element.holdsRecord:
      let element = schema(ofPart: ValueSchema(element))
      for (index, value) in values.enumerated() {
        element.collect(objectionsTo: value, origin, at: "\(path)[\(index)]", into: &found)
      }
    case (.map(let element), .map(let map)) where element.holdsRecord:
      let element = schema(ofPart: ValueSchema(element))
      for name in map.names {
        element.collect(
          objectionsTo: map[name] ?? .null, origin, at: "\(path).\(name)", into: &found)
      }
    case (.record(let fields), .map(let map)):
      for name in map.names where fields[name] == nil {
        found.append(
          PartObjection(
            path: path, objection: .unknownField(name, among: Array(fields.keys))))
      }
      for (name, field) in fields {
        if let value = map[name] {
          schema(ofPart: field.schema)
            .collect(objectionsTo: value, origin, at: "\(path).\(name)", into: &found)
        } else if field.defaultValue == nil {
          found.append(
            PartObjection(
              path: path, objection: .missingField(name, expected: field.phrase)))
        }
      }
    case (_, _):
      // A path stands for its file.
      let isPath = origin == .written && type.holdsFile
      let objections = isPath ? boundObjections(to: value) : objections(to: value)
      found += objections.map { PartObjection(path: path, objection: $0) }
    }
  }
}
