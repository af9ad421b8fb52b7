import Events

/// What is said of a tenant that cannot start because another run holds a lock.
enum HeldTenant {
  static func line(_ tenant: String, until other: RunID) -> StyledLine {
    var line = StyledLine(tenant, .strong)
    line.append(" waits: run \(other) holds its lock", .notable)
    return line
  }
}
