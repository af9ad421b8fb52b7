import OrderedCollections

extension Evaluator {
  /// What a macro goes over: the elements of a list, or the keys and values of a map.
  struct Elements {
    private enum Content {
      case list([Value])
      case map(OrderedDictionary<Value, Value>)
    }

    /// How many names the macro gives them: 1, or 2 for keys or positions as well.
    let nameCount: Int
    private let content: Content
    private let isSecret: Bool

    /// Nil where the macro does not go over such a value.
    init?(of range: Value, for comprehension: SyntaxNode.Comprehension) {
      switch range.peeled {
      case .list(let list): content = .list(list)
      case .map(let map)
      where comprehension.macro != .sortBy && range.peeled.optionalContent == nil:
        content = .map(map.entries)
      case .null, .bool, .int, .uint, .double, .string, .bytes, .map, .timestamp, .duration, .type,
        .secret, .unknown:
        return nil
      }
      nameCount = comprehension.variables.count
      isSecret = range.isSecret
    }

    var count: Int {
      switch content {
      case .list(let list): list.count
      case .map(let map): map.count
      }
    }

    /// An element of a list, or with two names its position; a key of a map.
    func first(at position: Int) -> Value {
      switch content {
      case .list(let list): nameCount == 1 ? shown(list[position]) : shown(.int(Int64(position)))
      case .map(let map): shown(map.keys[position])
      }
    }

    /// The element of a list, or the value of a map.
    func second(at position: Int) -> Value {
      switch content {
      case .list(let list): shown(list[position])
      case .map(let map): shown(map.values[position])
      }
    }

    private func shown(_ value: Value) -> Value { isSecret ? value.hidden : value }
  }
}
