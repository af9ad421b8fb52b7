import Diagnostics
import Expressions
import Files
import OrderedCollections
import Playbooks

/// Defaults, which the reader of playbooks has checked.
extension InputReader {
  /// The default, of the declared type; a file's path is relative to the playbook.
  func settle(default value: Value) throws(InvalidInput) -> Value {
    try settle(value, of: declaration, for: what)
  }

  /// The default `value` of the input, or of a field of it.
  func settle(
    _ value: Value, of declaration: InputDeclaration, for what: Subject
  ) throws(InvalidInput) -> Value {
    guard declaration.type.holdsFile else { return value }
    let folder = UserPath.folder(of: declaration.location.file, current: "")
    return try settle(value, declaration.type, for: what, at: declaration.location, in: folder)
  }

  private func settle(
    _ value: Value, _ type: ValueType, for what: Subject, at location: SourceLocation,
    in folder: String
  ) throws(InvalidInput) -> Value {
    switch (type, value) {
    case (.file, .string(let path)):
      return try file(path, for: what, folder: folder, at: location)
    case (.list(let element), .list(let elements)):
      return .list(
        try elements.enumerated().map { index, value throws(InvalidInput) in
          try settle(value, element, for: what.element(index), at: location, in: folder)
        })
    case (.map, .map(let map)), (.record, .map(let map)):
      var settled = ValueMap()
      for name in map.names {
        guard let value = map[name], let part = type.type(ofField: name) else { continue }
        settled[name] = try settle(
          value, part, for: what.value(name), at: location, in: folder)
      }
      return .map(settled)
    case (_, let value): return value
    }
  }

  /// `type` with the files that fields of its records have by default.
  func settleDefaults(of type: ValueType) throws(InvalidInput) -> ValueType {
    guard type.holdsFile else { return type }
    switch type {
    case .list(let element): return .list(of: try settleDefaults(of: element))
    case .map(let element): return .map(of: try settleDefaults(of: element))
    case .record(var fields):
      for (name, field) in fields {
        fields[name]?.schema.type = try settleDefaults(of: field.type)
        guard let value = field.defaultValue else { continue }
        fields[name]?.defaultValue = try settle(value, of: field, for: what.value(name))
      }
      return .record(fields)
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any: return type
    }
  }
}

extension ValueType {
  /// The type of the value that a map of this type has under `name`, or nil when it has none.
  fileprivate func type(ofField name: String) -> ValueType? {
    if case .record(let fields) = self { fields[name]?.type } else { element }
  }
}
