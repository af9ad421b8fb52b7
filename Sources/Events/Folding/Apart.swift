/// An optional value that is kept apart from its owner, so that an owner without one stays small.
///
/// A tree of a large run has a hundred thousand steps, and most have no pause, decision or request.
@propertyWrapper
package struct Apart<Value: Sendable & Hashable>: Sendable, Hashable {
  private indirect enum Storage: Sendable, Hashable {
    case none
    case some(Value)
  }

  private var storage: Storage

  /// Keeps `wrappedValue`.
  package init(wrappedValue: Value?) {
    storage = wrappedValue.map { .some($0) } ?? .none
  }

  /// The value, or nil.
  package var wrappedValue: Value? {
    get {
      switch storage {
      case .none: nil
      case .some(let value): value
      }
    }
    set { storage = newValue.map { .some($0) } ?? .none }
  }
}
