import Diagnostics
import OrderedCollections

/// The addresses a description can name.
private enum DescribedEndpoint: String, CaseIterable {
  case api
  case upstream
  case downstream

  var endpoint: Endpoint {
    switch self {
    case .api: .api
    case .upstream: .upstream
    case .downstream: .downstream
    }
  }
}

extension DescriptionReader {
  /// The operation's own way and its alternatives, their path fields checked.
  mutating func readRoutes(
    _ operation: DescriptionNode, _ extras: DescriptionNode?, method: String, path: String,
    fields: OrderedDictionary<String, Field>
  ) -> [Operation.Route] {
    let described: DescribedEndpoint = choice(extras?["endpoint"]) ?? .api
    let endpoint = described.endpoint
    var routes = [
      Operation.Route(endpoint: endpoint, method: method.uppercased(), path: path)
    ]
    for node in extras?["alternatives"]?.elements ?? [] {
      check(node, keys: ["method", "path", "encoding", "authorization", "on", "heeds-json"])
      guard let method = node["method"]?.text, let path = node["path"]?.text else {
        report(.missingKey, "an alternative has a `method` and a `path`", at: node)
        continue
      }
      let statuses = node["on"]?.elements.compactMap { $0.text.flatMap { Int($0) } }
      routes.append(
        Operation.Route(
          endpoint: endpoint, method: method, path: path, encoding: choice(node["encoding"]),
          authorization: choice(node["authorization"]),
          triedOn: Set(statuses ?? [404, 405]), heedsJSON: flag(node["heeds-json"])))
    }
    for route in routes {
      for name in Self.placeholders(of: route.path) where fields[name]?.place != .path {
        report(
          .unknownName, "`\(route.path)` names `\(name)`, which is no path field", at: operation)
      }
    }
    return routes
  }

  /// The names in braces of a path template.
  private static func placeholders(of path: String) -> [String] {
    path.split(separator: "{").dropFirst().compactMap { part in
      part.firstIndex(of: "}").map { String(part[..<$0]) }
    }
  }
}
