/// A value that must not be shown: it prints, dumps and interpolates as `•••`.
///
/// Whoever needs what is inside says `reveal()`, which is easy to find in a review. It has no
/// coding conformance on purpose; encoders decide what becomes of it.
package struct Secret: Sendable, Hashable {
  /// What stands in for every secret in every output.
  package static let mask = "•••"

  private let value: Value

  /// Hides `value`; hiding twice is hiding once.
  package init(_ value: Value) {
    if case .secret(let inner) = value {
      self = inner
    } else {
      self.value = value
    }
  }

  /// Hides a text.
  package init(_ text: String) {
    value = .string(text)
  }

  /// What is hidden.
  ///
  /// The caller answers for where it goes.
  package func reveal() -> Value { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { Self.mask }
  package var debugDescription: String { Self.mask }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
