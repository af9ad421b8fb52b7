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
  /// Whether the last parameter may be given any number of times, but at least once.
  var repeatsLast = false
  var result: StaticType

  static func global(_ parameters: StaticType..., result: StaticType) -> Overload {
    Overload(style: .global, parameters: parameters, result: result)
  }

  static func member(_ parameters: StaticType..., result: StaticType) -> Overload {
    Overload(style: .member, parameters: parameters, result: result)
  }

  /// A function of one or more operands of type `parameter`.
  static func repeating(_ parameter: StaticType, result: StaticType) -> Overload {
    Overload(style: .global, parameters: [parameter], repeatsLast: true, result: result)
  }

  /// The types of `count` operands; nil when it does not take so many.
  func parameters(count: Int) -> [StaticType]? {
    guard repeatsLast, let last = parameters.last, count >= parameters.count else {
      return parameters.count == count ? parameters : nil
    }
    return parameters + Array(repeating: last, count: count - parameters.count)
  }

  /// Whether it can be called on these values, which are not secret.
  func admits(_ values: [Value], style: Style) -> Bool {
    guard self.style == style, let parameters = parameters(count: values.count) else {
      return false
    }
    return zip(parameters, values).allSatisfy { $0.admits($1) }
  }

  /// How it is written, for messages: `string.contains(string)`.
  func signature(of name: String) -> String {
    let isMember = style == .member
    let arguments = parameters.dropFirst(isMember ? 1 : 0).map(\.description)
    let receiver = isMember ? parameters.first.map { "\($0)." } ?? "" : ""
    let more = repeatsLast ? ", …" : ""
    return "\(receiver)\(name)(\(arguments.joined(separator: ", "))\(more))"
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
    case .map: value.typeName == (optionalContent == nil ? "map" : Value.optionalTypeName)
    case .object: value.typeName == "map"
    case .timestamp: value.typeName == Value.timestampTypeName
    case .duration: value.typeName == Value.durationTypeName
    case .attribute, .unavailable: false
    }
  }
}
