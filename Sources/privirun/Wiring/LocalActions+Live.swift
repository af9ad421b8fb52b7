import Cryptography
import Running

extension LocalActions {
  /// The actions on the files of this machine, with random bytes of the system.
  static func live(home: String?) -> LocalActions {
    LocalActions(files: .live(home: home), randomBytes: RandomBytes.system.draw)
  }
}
