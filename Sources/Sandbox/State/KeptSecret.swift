import Expressions

/// A secret of a record: it cannot be shown, and it rests in the state file as it is.
struct KeptSecret: Sendable, Hashable {
  private let secret: Secret

  init(_ text: String) {
    secret = Secret(text)
  }

  /// What is hidden; the caller answers for where it goes.
  func reveal() -> Value { secret.reveal() }
}

extension KeptSecret: Codable {
  init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(secret.reveal().text ?? "")
  }
}

extension KeptSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { Secret.mask }
  var debugDescription: String { Secret.mask }
  var customMirror: Mirror { Mirror(self, children: []) }
}
