import Expressions
import Operations

extension Vault {
  /// A list of all its records, in the dialect's form.
  func list(_ records: [(id: String, record: Value)]) -> APIResponse {
    switch dialect.lists {
    case .paged, .array: .json(.list(records.map(\.record)))
    case .items:
      .json([
        "items": .list(records.map(\.record)), "meta": ["count": .int(Int64(records.count))],
      ])
    case .keyed: .json(keyed(records))
    }
  }

  /// One page of a list, counted from 1, in the dialect's form.
  func list(_ records: [(id: String, record: Value)], page: Int, perPage: Int) -> APIResponse {
    let shown = records.dropFirst(min((page - 1) * perPage, records.count)).prefix(perPage)
    switch dialect.lists {
    case .array: return .json(.list(shown.map(\.record)))
    case .keyed: return .json(keyed(Array(shown)))
    case .paged, .items:
      return .json([
        "items": .list(shown.map(\.record)),
        "meta": [
          "count": .int(Int64(records.count)), "page": .int(Int64(page)),
          "perPage": .int(Int64(perPage)),
        ],
      ])
    }
  }

  private func keyed(_ records: [(id: String, record: Value)]) -> Value {
    var map = ValueMap()
    for (id, record) in records { map[id] = record }
    return .map(map)
  }
}
