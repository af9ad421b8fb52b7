import Cryptography
import Networking
import Operations

/// What a command that calls the service needs whatever its options say, made while they are read.
enum Preparation {
  private static let commands = [["run"], ["call"], ["resume"], ["rollout", "run"]]

  /// Whether the command calls the service, and may begin to: it has the descriptors for it, and one heap.
  ///
  /// Both come before any thread. Where descriptors are lacking the command says so itself.
  static func begin(for arguments: [String]) -> Bool {
    guard commands.contains(where: { arguments.starts(with: $0) }),
      (try? ResourceLimit.prepareDescriptors()) != nil
    else { return false }
    SharedHeap.use()
    return true
  }

  /// Makes what is made once in a process, and fails silently: whoever needs it finds out.
  @concurrent
  static func make(_ isWanted: Bool) async {
    guard isWanted else { return }
    LiveTransport.startThreads()
    _ = try? APIDescription.embedded()
    _ = try? SHA256.digest(of: [])
  }
}
