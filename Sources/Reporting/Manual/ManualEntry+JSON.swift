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
      "rejections": .texts(rejections), "refusals": .texts(refusals), "gated": .bool(isGated),
      "effect": .string(consequences.effect.rawValue), "final": .bool(consequences.isFinal),
      "showsIn": .texts(consequences.showsIn.sorted()), "causes": .texts(consequences.causes),
      "asks": consequences.asks?.value ?? .null, "lives": consequences.lives?.value ?? .null,
      "lookup": lookup?.value(ensuring: ensures, on: id) ?? .null,
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

extension Operation.Asking {
  fileprivate var value: Value {
    ["by": .string(configuration), "except": except.map { .string($0) } ?? .null]
  }
}

extension Operation.Lives {
  fileprivate var value: Value {
    [
      "field": .string(field), "unitSeconds": .int(unit.components.seconds),
      "default": .optional(`default`), "until": .texts(until),
    ]
  }
}

extension Lookup {
  /// `states` is what a call of the operation `id` can be ensured to be.
  fileprivate func value(ensuring states: [Ensurance.State], on id: String) -> Value {
    let correction: String? =
      switch remedies.correction {
      case .itself: id
      case .other(let remedy): remedy.operation
      case nil: nil
      }
    let held: [Value] = comparison.holds.map { name, values in
      ["name": .string(name), "values": .texts(values)]
    }
    return [
      "operation": .string(operation), "list": list.map { .string($0) } ?? .null,
      "identity": .pairs(identity), "unique": .bool(isUnique),
      "expects": .string(expects.rawValue),
      "ensures": .texts(states.map(\.rawValue)), "compares": .pairs(comparison.fields),
      "holds": .list(held), "correctedBy": correction.map { .string($0) } ?? .null,
      "removedBy": .texts(remedies.removal.map(\.operation)),
      "onDrift": .texts(states.isEmpty ? [] : possibleDrifts.map(\.rawValue)),
      "gives": .texts(Array(evidence.gives.keys)),
    ]
  }
}

extension Value {
  fileprivate static func texts(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

  fileprivate static func pairs(_ names: OrderedDictionary<String, String>) -> Value {
    .list(names.map { own, theirs in ["field": .string(own), "equals": .string(theirs)] })
  }

  fileprivate static func optional(_ number: Int?) -> Value {
    number.map { .int(Int64($0)) } ?? .null
  }
}
