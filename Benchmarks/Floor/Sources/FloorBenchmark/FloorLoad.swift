import Glibc

/// What a floor has to do, and where.
struct FloorLoad: Sendable {
  let tenants: Int
  /// How many are in progress at once.
  let concurrency: Int
  let api: FloorAddress
  let webSocket: FloorAddress
  /// The most connections to the API.
  let connections = 16

  /// What stands before `@` in a tenant's login name.
  func username(_ number: Int) -> String { "t-\(number)" }
}

/// A host and a port, and the path that all requests begin with.
struct FloorAddress: Sendable {
  let host: String
  let port: Int
  let path: String

  var authority: String { "\(host):\(port)" }

  /// Reads `http://HOST:PORT/PATH` or the same with `ws` from a variable of the environment.
  init(variable: String) {
    let text = getenv(variable).map { String(cString: $0) } ?? ""
    let rest = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    let parts = rest.count > 2 ? rest[2].split(separator: ":") : []
    guard parts.count == 2, let port = Int(parts[1]) else {
      stop("\(variable) must name a scheme, a host and a port")
    }
    host = String(parts[0])
    self.port = port
    path = rest.count > 3 && !rest[3].isEmpty ? "/\(rest[3])" : ""
  }
}

/// What was done.
struct FloorTally: Sendable {
  var tenants = 0
  var exchanges = 0
  var acknowledgements = 0

  mutating func count(_ step: ScriptStep) {
    switch step {
    case .exchange: exchanges += 1
    case .receive(.acknowledgement): acknowledgements += 1
    case .connect, .send, .receive, .close: break
    }
  }

  static func += (left: inout FloorTally, right: FloorTally) {
    left.tenants += right.tenants
    left.exchanges += right.exchanges
    left.acknowledgements += right.acknowledgements
  }
}

/// Ends the process with a reason.
func stop(_ reason: String) -> Never {
  let line = Array("\(reason)\n".utf8)
  _ = write(2, line, line.count)
  exit(1)
}
