package import Expressions
import Playbooks

extension NotifyTarget {
  /// The target as a rollout file has it.
  package var value: Value {
    var map = ValueMap()
    switch delivery {
    case .post(let address, let secret):
      map["post"] = .string(address.value)
      map["secret"] = secret.map { .string($0.value) }
    case .command(let name): map["command"] = .string(name.value)
    }
    let named = Topic.allCases.filter(topics.contains)
    if named.count < Topic.allCases.count {
      map["on"] = .list(named.map { .string($0.rawValue) })
    }
    return .map(map)
  }
}
