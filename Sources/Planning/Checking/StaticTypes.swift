import Expressions
import Operations
import OrderedCollections
import Playbooks

extension Operation {
  /// The type of what later steps see under `steps.ID`.
  var resultType: StaticType {
    var fields = answer.mapValues(\.kind.staticType)
    switch completion {
    case .commandStatus: fields["commandId"] = .string
    case .requestID:
      fields["data"] = .bytes
      fields["context"] = .dyn
      fields["requestId"] = .string
    case .http, .stream: break
    }
    return .object(fields)
  }
}

extension Field.Kind {
  /// What the checker knows of a value of this kind.
  var staticType: StaticType {
    switch self {
    case .string: .string
    case .integer: .int
    case .boolean: .bool
    case .bytes: .bytes
    case .list(let kind): .list(kind.staticType)
    case .map: .map(key: .string, value: .dyn)
    case .number, .any: .dyn
    }
  }

  /// Whether a value of that type can stand in such a field.
  func admits(_ type: StaticType) -> Bool {
    switch (self, type) {
    // What is unavailable has been reported where it stands.
    case (_, .dyn), (_, .unavailable), (.any, _): true
    case (.string, .string), (.integer, .int), (.integer, .uint), (.number, .int),
      (.number, .uint), (.number, .double), (.boolean, .bool), (.bytes, .bytes),
      (.bytes, .string), (.map, .map), (.map, .object):
      true
    case (.list(let kind), .list(let element)): kind.admits(element)
    case (.string, _), (.integer, _), (.number, _), (.boolean, _), (.bytes, _), (.list, _),
      (.map, _):
      false
    }
  }

  /// The kind in words, with its article.
  var phrase: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "true or false"
    case .bytes: "bytes or base64 text"
    case .list: "a list"
    case .map: "a map"
    case .any: "any value"
    }
  }
}

extension InputDeclaration.Kind {
  /// Whether a value of that type can be given for such an input.
  func admits(_ type: StaticType) -> Bool {
    switch (self, type) {
    case (_, .dyn), (_, .unavailable): true
    case (.string, .string), (.secret, .string), (.integer, .int), (.integer, .uint),
      (.number, .int), (.number, .uint), (.number, .double), (.boolean, .bool),
      (.file, .object), (.file, .string), (.list(of: nil), .list), (.map(of: nil), .map),
      (.map(of: _), .object):
      true
    case (.list(let kind?), .list(let element)): kind.admits(element)
    case (.map(let kind?), .map(_, let value)): kind.admits(value)
    case (.string, _), (.secret, _), (.integer, _), (.number, _), (.boolean, _), (.file, _),
      (.list, _), (.map, _):
      false
    }
  }
}
