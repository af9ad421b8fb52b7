import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// How a request's body is written, and the part of the document that describes it.
struct DescribedBody {
  var encoding: Operation.Encoding
  /// The media type object.
  var content: DescriptionNode
}

extension DescriptionReader {
  private static let media: OrderedDictionary<String, Operation.Encoding> = [
    "application/x-www-form-urlencoded": .form, "application/json": .json,
    "application/octet-stream": .octets,
  ]

  /// The body in the first of its media types that is known.
  mutating func readBody(_ node: DescriptionNode?) -> DescribedBody? {
    guard let node = node.map({ resolved($0) }) else { return nil }
    for entry in node["content"]?.members ?? [] {
      guard let encoding = Self.media[entry.key] else { continue }
      return DescribedBody(encoding: encoding, content: DescriptionNode(entry.value))
    }
    report(
      .wrongValue, "the body has none of the known types", at: node,
      hint: "known are \(Self.media.keys.joined(separator: ", "))")
    return nil
  }

  /// The fields of an operation: parameters, body, and those of `x-privirun`.
  mutating func readFields(
    _ node: DescriptionNode, body: DescribedBody?, extras: DescriptionNode?
  ) -> OrderedDictionary<String, Field> {
    var fields: OrderedDictionary<String, Field> = [:]
    for parameter in node["parameters"]?.elements ?? [] { readParameter(parameter, into: &fields) }
    if let body { readBodyFields(body, into: &fields) }
    for entry in extras?["fields"]?.members ?? [] {
      let extra = DescriptionNode(entry.value)
      check(extra, keys: ["place", "type", "required", "sensitive", "description", "role"])
      let place: Field.Place = choice(extra["place"]) ?? .local
      fields[entry.key] = Field(
        ValueSchema(valueType(extra), isSensitive: flag(extra["sensitive"])), at: place,
        isRequired: flag(extra["required"]), summary: extra["description"]?.text ?? "",
        role: choice(extra["role"]))
    }
    if fields.values.contains(where: { $0.role == .source }) {
      // Either the bytes or the file: which one is for the call to say.
      for (name, field) in fields where field.place == .body { fields[name]?.isRequired = false }
    }
    return fields
  }

  private mutating func readParameter(
    _ node: DescriptionNode, into fields: inout OrderedDictionary<String, Field>
  ) {
    let node = resolved(node)
    guard let wireName = node["name"]?.text else {
      report(.missingKey, "the parameter has no `name`", at: node)
      return
    }
    guard let place = node["in"]?.text.flatMap(Field.Place.init), place == .path || place == .query
    else {
      report(.wrongValue, "a parameter is `in: path` or `in: query`", at: node["in"] ?? node)
      return
    }
    let schema = node["schema"].map { resolved($0) }
    var field = readSchema(schema, place: place, extras: node)
    field.isRequired = place == .path || flag(node["required"])
    if let summary = node["description"]?.text { field.summary = summary }
    let name = wireName.hasSuffix("[]") ? String(wireName.dropLast(2)) : wireName
    fields[name] = field
  }

  private mutating func readBodyFields(
    _ body: DescribedBody, into fields: inout OrderedDictionary<String, Field>
  ) {
    let schema = body.content["schema"].map { resolved($0) }
    if body.encoding == .octets {
      let extras = readExtension(of: body.content, keys: ["field"])
      fields[extras?["field"]?.text ?? "body"] = Field(
        ValueSchema(.bytes), at: .body, isRequired: true,
        summary: schema?["description"]?.text ?? "")
      return
    }
    let required = texts(schema?["required"])
    for entry in schema?["properties"]?.members ?? [] {
      let property = resolved(DescriptionNode(entry.value))
      var field = readSchema(property, place: .body, extras: property)
      field.isRequired = required.contains(entry.key)
      let style = body.content["encoding"]?[entry.key]
      field.isCommaJoined = style?["explode"]?.text == "false"
      fields[entry.key] = field
    }
  }

  private mutating func readSchema(
    _ schema: DescriptionNode?, place: Field.Place, extras node: DescriptionNode
  ) -> Field {
    let extras = readExtension(of: node, keys: ["sensitive", "also-sent-as", "also-known-as"])
    let minimum = schema?["minimum"] ?? schema?["minLength"] ?? schema?["minItems"]
    let maximum = schema?["maximum"] ?? schema?["maxLength"] ?? schema?["maxItems"]
    let type = schema.map { valueType($0) } ?? .any
    let bounded = ValueSchema(
      type, allowed: allowed(schema?["enum"], as: type),
      minimum: integer(minimum), maximum: integer(maximum), pattern: pattern(schema?["pattern"]),
      isSensitive: flag(extras?["sensitive"]))
    return Field(
      bounded, at: place, isRequired: false, defaultText: schema?["default"]?.text,
      alsoKnownAs: texts(extras?["also-known-as"]),
      alsoSentAs: texts(extras?["also-sent-as"]), summary: schema?["description"]?.text ?? "")
  }

  /// The values of an `enum`, of the type that they bound.
  mutating func allowed(_ node: DescriptionNode?, as type: ValueType) -> [Value] {
    (node?.elements ?? []).compactMap { element in
      let value = element.text.flatMap { type.apiValue(of: .string($0)) }
      if value == nil {
        report(.wrongValue, "a value of `enum` must be \(type.phrase)", at: element)
      }
      return value
    }
  }

  private mutating func pattern(_ node: DescriptionNode?) -> String? {
    guard let node, let text = node.text else { return nil }
    guard let problem = ValuePattern.problem(in: text) else { return text }
    report(.wrongValue, "the pattern cannot be read: \(problem)", at: node)
    return nil
  }

  /// The type that a schema, or the `type` and `of` of an extension, describes.
  mutating func valueType(_ schema: DescriptionNode) -> ValueType {
    guard let written = schema["type"] else { return .any }
    let name = written.text ?? written.elements.lazy.compactMap(\.text).first { $0 != "null" }
    switch name {
    case "string": return schema["format"]?.text == "binary" ? .bytes : .string
    case "integer": return .integer
    case "number": return .number
    case "boolean": return .boolean
    case "bytes": return .bytes
    case "array", "list":
      if let items = schema["items"] { return .list(of: valueType(resolved(items))) }
      guard let element = schema["of"]?.text else { return .list(of: .any) }
      return .list(of: element == "string" ? .string : .any)
    case "object", "map": return .map(of: .any)
    case "any": return .any
    case .some, nil:
      report(
        .wrongValue, "no such type", at: written,
        hint: "types are string, integer, number, boolean, array, object")
      return .any
    }
  }
}
