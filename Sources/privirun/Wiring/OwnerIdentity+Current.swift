import Glibc
import Journaling
import Operations

extension OwnerIdentity {
  /// This process, which opened its journal at `moment`.
  static func current(since moment: Moment) -> OwnerIdentity {
    var name = [UInt8](repeating: 0, count: 256)
    let hasName = name.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { gethostname($0, bytes.count - 1) } == 0
    }
    let host = hasName ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : "this machine"
    return OwnerIdentity(process: getpid(), host: host, since: moment)
  }
}
