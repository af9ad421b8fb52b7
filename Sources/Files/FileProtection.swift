/// Who may read a file that is written, and how an existing one is replaced.
package enum FileProtection: Sendable, Hashable {
  /// Mode 0600; an existing file is an error.
  case newSecret
  /// Mode 0600; an existing file is replaced, and nobody but its owner may read it afterwards.
  case secret
  /// Mode 0600; an existing file is replaced and keeps its mode.
  case owned
  /// Mode 0644 under the process's mask; an existing file is replaced and keeps its mode.
  case shared

  var holdsSecret: Bool {
    switch self {
    case .newSecret, .secret: true
    case .owned, .shared: false
    }
  }
}
