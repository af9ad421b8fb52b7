import Expressions

/// A value that two runs do not have in common.
struct ComparedValue: Sendable, Hashable {
  enum Change: Sendable, Hashable {
    /// Only the first run has it.
    case removed(Value)
    /// Only the second run has it.
    case added(Value)
    case changed(from: Value, to: Value)
  }

  /// Such as `outcome`, `failure.message` or `value.devices[1].name`.
  var name: String
  var change: Change
  /// Whether it is an identifier or an instant that the service makes anew in each run.
  var isGenerated = false

  /// The value in the first run.
  var from: Value? {
    switch change {
    case .removed(let value), .changed(let value, _): value
    case .added: nil
    }
  }

  /// The value in the second run.
  var to: Value? {
    switch change {
    case .added(let value), .changed(_, let value): value
    case .removed: nil
    }
  }
}
