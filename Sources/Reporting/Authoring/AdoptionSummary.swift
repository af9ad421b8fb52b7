import Expressions

extension TenantSnapshot {
  /// What was read, such as `4 devices, 1 policy and 12 files`.
  package var contents: String {
    var parts: [(TenantPart, Int)] = [
      (.devices, devices.count), (.votingConfigurations, votingConfigurations.count),
      (.policies, policies.count), (.applications, applications.count), (.files, files.count),
    ]
    parts.removeAll { $0.1 == 0 }
    let counted = parts.map { $0.0.counted($0.1) }
    guard let last = counted.last else { return "nothing but the profile" }
    return counted.count == 1
      ? last : "\(counted.dropLast().joined(separator: ", ")) and \(last)"
  }
}
