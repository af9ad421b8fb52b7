/// A function of the language: its name, the ways to call it, and what it does.
///
/// `content`, `conversions` and `time` are CEL's standard library (CEL spec, "List of Standard
/// Definitions"); `text`, `math`, `lists`, `sets`, `optionals` and `base64` follow CEL's
/// extensions of these names; `json` is ours. What an overload admits is checked before `body` runs.
struct Function: Sendable {
  typealias Body = @Sendable (Operands, inout Meter) throws(EvaluationFailure) -> Value
  /// The type of the result for operands of these types; nil when the function does not work on them.
  typealias Typing = @Sendable ([StaticType]) -> StaticType?

  let name: String
  let overloads: [Overload]
  /// Whether the result depends on what is inside lists and maps, not only on the lists themselves.
  let readsElements: Bool
  /// The type of the result where the overloads alone do not determine it.
  let typing: Typing?
  private let body: Body

  init(
    _ name: String, _ overloads: [Overload], readsElements: Bool = false, typing: Typing? = nil,
    body: @escaping Body
  ) {
    self.name = name
    self.overloads = overloads
    self.readsElements = readsElements
    self.typing = typing
    self.body = body
  }

  /// Every function by its name; those of a namespace with a dot.
  static let named: [String: Function] = Dictionary(
    uniqueKeysWithValues: library.map {
      ($0.name, $0)
    })

  private static let library =
    content + conversions + time + text + encodings + math + lists + sets + optionals

  /// Every name, sorted, for suggestions.
  static let names: [String] = named.keys.sorted()

  /// What stands before the dot in the names of some functions.
  static let namespaces = Set(
    names.compactMap { $0.contains(".") ? $0.split(separator: ".").first.map(String.init) : nil })

  /// The result for operands that are neither secret nor unknown, the receiver first.
  ///
  /// Throws `EvaluationFailure.noOverload` when the operands do not fit. Charges for the text read and made.
  func apply(
    to operands: [Value], style: Overload.Style, zones: NamedZones?, meter: inout Meter
  ) throws(EvaluationFailure) -> Value {
    guard overloads.contains(where: { $0.admits(operands, style: style) }) else {
      throw .noOverload
    }
    if readsElements, let unknown = Unknown(joining: operands.compactMap(\.unknownParts)) {
      throw EvaluationFailure(waitingFor: unknown)
    }
    for operand in operands { try meter.charge(bytes: operand.byteCount) }
    let result = try body(Operands(values: operands, zones: zones), &meter)
    try meter.charge(bytes: result.byteCount)
    return result
  }

  /// The typing of functions whose result is of their first operand's type.
  @Sendable static func typeOfFirst(_ types: [StaticType]) -> StaticType? { types.first }

  /// Whether some overload is written this way with this many operands.
  func accepts(count: Int, style: Overload.Style) -> Bool {
    overloads.contains { $0.style == style && $0.parameters(count: count) != nil }
  }

  /// How it is called, for a hint.
  var usage: String {
    var signatures: [String] = []
    for overload in overloads {
      let signature = "`\(overload.signature(of: name))`"
      if !signatures.contains(signature) { signatures.append(signature) }
    }
    return "it is called as " + signatures.joined(separator: ", ")
  }
}

/// The values a function is called on, with their types as an overload asked for.
struct Operands {
  let values: [Value]
  /// The time zones that have names; nil when none has.
  let zones: NamedZones?

  var count: Int { values.count }

  subscript(position: Int) -> Value { values[position] }

  func text(_ position: Int) throws(EvaluationFailure) -> String {
    guard case .string(let text) = values[position] else { throw .noOverload }
    return text
  }

  /// The text at a position that may be left out.
  func text(at position: Int, default text: String) throws(EvaluationFailure) -> String {
    position < count ? try self.text(position) : text
  }

  func double(_ position: Int) throws(EvaluationFailure) -> Double {
    guard case .double(let number) = values[position] else { throw .noOverload }
    return number
  }

  func int(_ position: Int) throws(EvaluationFailure) -> Int {
    guard case .int(let number) = values[position] else { throw .noOverload }
    return Int(number)
  }

  func list(_ position: Int) throws(EvaluationFailure) -> [Value] {
    guard case .list(let elements) = values[position] else { throw .noOverload }
    return elements
  }
}

extension Value {
  /// The size of a text or of bytes; 0 for everything else.
  fileprivate var byteCount: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .bytes(let bytes): bytes.count
    case .null, .bool, .int, .uint, .double, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      0
    }
  }
}
