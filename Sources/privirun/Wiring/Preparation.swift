import Cryptography
import Networking
import Operations

/// What a command that calls the service needs whatever its options say, made while they are read.
enum Preparation {
  private static let commands = [["run"], ["call"], ["resume"], ["rollout", "run"]]

  /// Makes what is made once in a process, and fails silently: whoever needs it finds out.
  @concurrent
  static func make(for arguments: [String]) async {
    guard commands.contains(where: { arguments.starts(with: $0) }) else { return }
    LiveTransport.startThreads()
    _ = try? APIDescription.embedded()
    _ = try? SHA256.digest(of: [])
  }
}
