import Expressions
import Operations
import OrderedCollections
import Playbooks

/// The form that `schemas/operations.schema.json` describes.
extension ManualEntry {
  var value: Value {
    [
      "id": .string(id), "kind": .string(kind.rawValue), "title": .string(title),
      "summary": .string(summary), "section": .string(section),
      "routes": .list(ways.map { $0.value(besides: self) }),
      "authorization": .string(authorization.rawValue), "encoding": .string(encoding.rawValue),
      "completion": .string(completion), "repetition": .string(repetition.rawValue),
      "fields": .list(fields.map { $0.value.value(named: $0.key) }),
      "answer": .list(answer.map { $0.value.value(named: $0.key) }),
      "errors": .list(
        errors.map { ["status": .int(Int64($0.status)), "meaning": .string($0.meaning)] }),
      "rejections": .texts(rejections), "gated": .bool(isGated), "lookup": lookup?.value ?? .null,
      "notes": .texts(notes), "confidence": .string(confidence), "sources": .texts(sources),
      "example": .string(example),
    ]
  }
}

extension ManualEntry.Way {
  fileprivate func value(besides entry: ManualEntry) -> Value {
    [
      "endpoint": .string(endpoint), "method": .string(method), "path": .string(path),
      "encoding": .string((encoding ?? entry.encoding).rawValue),
      "authorization": .string((authorization ?? entry.authorization).rawValue),
      "triedOn": .list(triedOn.map { .int(Int64($0)) }),
    ]
  }
}

extension Field {
  fileprivate func value(named name: String) -> Value {
    [
      "name": .string(name), "type": .string(type.name), "in": .string(place.rawValue),
      "required": .bool(isRequired), "sensitive": .bool(isSensitive),
      "allowed": .list(schema.allowed),
      "minimum": .optional(schema.minimum), "maximum": .optional(schema.maximum),
      "pattern": schema.pattern.map { .string($0) } ?? .null,
      "default": defaultText.map { .string($0) } ?? .null,
      "alsoSentAs": .texts(alsoSentAs), "alsoKnownAs": .texts(alsoKnownAs),
      "summary": .string(summary),
    ]
  }
}

extension AnswerField {
  fileprivate func value(named name: String) -> Value {
    [
      "name": .string(name), "type": .string(type.name), "sensitive": .bool(isSensitive),
      "required": .bool(isRequired), "record": .texts(Array(record.keys)),
      "summary": .string(summary),
    ]
  }
}

extension Lookup {
  fileprivate var value: Value {
    let compared: [Value] = identity.map { own, theirs in
      ["field": .string(own), "equals": .string(theirs)]
    }
    return [
      "operation": .string(operation), "list": list.map { .string($0) } ?? .null,
      "identity": .list(compared), "unique": .bool(isUnique), "expects": .string(expects.rawValue),
    ]
  }
}

extension Value {
  fileprivate static func texts(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

  fileprivate static func optional(_ number: Int?) -> Value {
    number.map { .int(Int64($0)) } ?? .null
  }
}
