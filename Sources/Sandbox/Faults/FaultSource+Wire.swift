package import Expressions

extension FaultSource {
  /// How often each fault was injected, as `GET /__sandbox/ledger` answers it; those that never were
  /// are not in it.
  package var wire: Value {
    var counts = ValueMap()
    for kind in FaultKind.allCases {
      if let count = injected[kind] { counts[kind.rawValue] = .int(Int64(count)) }
    }
    return .map(counts)
  }
}
