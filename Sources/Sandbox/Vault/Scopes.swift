/// What an access token allows, by the names of protocol.md §11.
struct Scopes: Sendable, Hashable {
  private let names: Set<String>

  init(_ names: [String]) {
    self.names = Set(names)
  }

  /// Whether a call of `route` is within the scopes.
  ///
  /// `all` and `<feature>.all` open everything below them, `<feature>.<operation>` one operation. Of
  /// the unofficial names `<feature>:write` opens a feature and `<feature>:read` what only reads.
  func allow(_ route: VaultRoute) -> Bool {
    names.contains("all") || !names.isDisjoint(with: route.scopes)
  }
}

extension VaultRoute {
  /// The scopes that open this route: the section and the path name the feature, and the
  /// operation's id and the rest of the path the operation, in snake case.
  fileprivate var scopes: Set<String> {
    let segments = path.split(separator: "/").map(String.init)
    let halves = operation.split(separator: ".", maxSplits: 1).map(String.init)
    guard halves.count == 2, let first = segments.first else { return [] }
    var operations = [halves[1], segments.dropFirst().joined(separator: "-")]
    if operation == "voting.create-voting" { operations.append("create-pool") }
    let isReading = method == "GET" || operation == "data-token.request-data-via-token"
    var scopes: Set<String> = []
    for feature in [halves[0], first] {
      scopes.insert("\(feature.snakeCase).all")
      for operation in operations { scopes.insert("\(feature.snakeCase).\(operation.snakeCase)") }
      scopes.insert("\(feature):write")
      if isReading { scopes.insert("\(feature):read") }
    }
    return scopes
  }
}

extension String {
  fileprivate var snakeCase: String { String(map { $0 == "-" ? "_" : $0 }) }
}
