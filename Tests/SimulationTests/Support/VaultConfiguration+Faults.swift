import Sandbox

extension VaultConfiguration {
  /// The same vault with these faults, such as `lose=20%,double=30%`.
  func injecting(_ faults: String) throws -> VaultConfiguration {
    var configuration = self
    configuration.faults = try FaultSpec(parsing: faults)
    return configuration
  }
}
