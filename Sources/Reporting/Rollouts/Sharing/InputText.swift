import Expressions

/// A text that is made of inputs and of nothing else but what is written between them.
struct InputText: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case literal(String)
    /// The value of the input of that name, which is a string.
    case input(String)
  }

  private(set) var parts: [Part]

  init(_ parts: [Part] = []) { self.parts = parts }

  /// The names of the inputs.
  var inputs: Set<String> {
    Set(parts.compactMap { if case .input(let name) = $0 { name } else { nil } })
  }

  /// Whether one of its inputs has a secret in it.
  func holdsSecret(of inputs: ValueMap) -> Bool {
    self.inputs.contains { inputs[$0]?.holdsSecret ?? false }
  }

  /// The text where the inputs have these values; nil where one of them is no string.
  func text(of inputs: ValueMap) -> String? {
    if parts.count == 1, case .input(let name) = parts[0] { return inputs[name]?.text }
    var text = ""
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .input(let name):
        guard let value = inputs[name]?.text else { return nil }
        text += value
      }
    }
    return text
  }

  mutating func append(_ literal: String) { parts.append(.literal(literal)) }

  mutating func append(_ other: InputText) { parts += other.parts }
}
