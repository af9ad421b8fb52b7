/// One way to call a function: how it is written, and the types that go in and come out.
struct Overload: Hashable {
  enum Style: Hashable {
    /// `function(a, b)`.
    case global
    /// `a.function(b)`.
    case member
  }

  var style: Style
  /// The receiver of a member first.
  var parameters: [StaticType]
  var result: StaticType

  static func global(_ parameters: StaticType..., result: StaticType) -> Overload {
    Overload(style: .global, parameters: parameters, result: result)
  }

  static func member(_ parameters: StaticType..., result: StaticType) -> Overload {
    Overload(style: .member, parameters: parameters, result: result)
  }

  /// Whether it can be called on these values, which are not secret.
  func admits(_ values: [Value], style: Style) -> Bool {
    self.style == style && parameters.count == values.count
      && zip(parameters, values).allSatisfy { $0.admits($1) }
  }

  /// How it is written, for messages: `string.contains(string)`.
  func signature(of name: String) -> String {
    let isMember = style == .member
    let arguments = parameters.dropFirst(isMember ? 1 : 0).map(\.description)
    let receiver = isMember ? parameters.first.map { "\($0)." } ?? "" : ""
    return "\(receiver)\(name)(\(arguments.joined(separator: ", ")))"
  }
}

extension StaticType {
  /// Whether `value` is of the kind; what is inside lists and maps is not looked at.
  fileprivate func admits(_ value: Value) -> Bool {
    switch self {
    case .dyn: true
    case .null: value.typeName == "null_type"
    case .bool, .int, .uint, .double, .string, .bytes, .type: value.typeName == description
    case .list: value.typeName == "list"
    case .map, .object: value.typeName == "map"
    case .timestamp: value.typeName == Value.timestampTypeName
    case .duration: value.typeName == Value.durationTypeName
    case .attribute, .unavailable: false
    }
  }
}
