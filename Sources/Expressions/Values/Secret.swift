/// A value that must not be shown: it prints, dumps and interpolates as `•••`.
///
/// Whoever needs what is inside says `reveal()`, which is easy to find in a review. It has no
/// coding conformance on purpose; encoders decide whether it is masked or sealed.
package struct Secret: Sendable {
  /// What stands in for every secret in every output.
  package static let mask = "•••"

  private let value: Value
  /// Whether it is content, such as a decrypted document, and not a credential: it is hidden all the
  /// same, but its words are not looked for in what others write.
  package let isPayload: Bool

  /// Hides `value`; hiding twice is hiding once.
  package init(_ value: Value) {
    if case .secret(let inner) = value {
      self = inner
    } else {
      self.value = value
      isPayload = false
    }
  }

  /// Hides content.
  package init(payload: Value) {
    value = payload.revealed
    isPayload = true
  }

  /// Hides a text.
  package init(_ text: String) {
    value = .string(text)
    isPayload = false
  }

  /// What is hidden.
  ///
  /// The caller answers for where it goes.
  package func reveal() -> Value { value }

  /// What `transform` makes of what is hidden, hidden as before.
  func mapped(_ transform: (Value) -> Value) -> Secret {
    isPayload ? Secret(payload: transform(value)) : Secret(transform(value))
  }
}

// What a secret is used for is no part of what it is: a journal does not keep it.
extension Secret: Hashable {
  /// Equality of what is hidden; `isPayload` does not count.
  package static func == (left: Secret, right: Secret) -> Bool { left.value == right.value }

  /// Hashes what is hidden, and not `isPayload`.
  package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always `mask`, so that interpolation shows nothing.
  package var description: String { Self.mask }
  /// Always `mask`, so that a debugger or `String(reflecting:)` shows nothing.
  package var debugDescription: String { Self.mask }
  /// A mirror without children, so that `dump` shows nothing.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
