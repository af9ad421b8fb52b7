package import Expressions
import Operations
import OrderedCollections

extension Ledger {
  /// The ledger as the object that `GET /__sandbox/ledger` answers.
  package var wire: Value {
    var counts = ValueMap()
    for (operation, count) in operations {
      counts[operation] = [
        "received": .int(Int64(count.received)), "effects": .int(Int64(count.effects)),
      ]
    }
    return [
      "operations": .map(counts), "violations": .list(violations.map(\.wire)),
      "violationCount": .int(Int64(violationCount)),
    ]
  }
}

extension Ledger.Violation {
  fileprivate var wire: Value {
    [
      "kind": .string(kind.rawValue), "operation": operation.map { .string($0) } ?? .null,
      "at": .string(at.wireText), "detail": .string(detail),
    ]
  }
}
