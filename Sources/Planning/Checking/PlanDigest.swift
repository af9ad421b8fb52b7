import Diagnostics
import Operations
import Playbooks
import Synchronization

/// The digest of all that decides what a plan does, computed when it is first asked for and then kept.
///
/// A check asks for none, and the first digest of a process takes libcrypto longer than a small check
/// takes.
final class PlanDigest: Sendable {
  private let input: [UInt8]
  private let known = Mutex<String?>(nil)

  /// Of all files and of the description of the API.
  init(of loaded: LoadedPlaybooks, api: APIDescription) {
    input = loaded.digestInput + Array(api.digest.utf8)
  }

  /// SHA-256, lower-case hex.
  ///
  /// Throws a diagnostic without a location when libcrypto cannot compute it.
  var hex: String {
    get throws(InvalidInput) {
      if let known = known.withLock({ $0 }) { return known }
      let hex = try DocumentDigest.hex(of: input)
      known.withLock { $0 = hex }
      return hex
    }
  }
}

/// By what the digest is of.
extension PlanDigest: Hashable {
  static func == (left: PlanDigest, right: PlanDigest) -> Bool { left.input == right.input }

  func hash(into hasher: inout Hasher) { hasher.combine(input) }
}
