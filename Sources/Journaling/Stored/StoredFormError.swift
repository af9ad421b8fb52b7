package import Cryptography

/// Why an event cannot be stored, or a stored one not be read.
package enum StoredFormError: Error, Sendable, Hashable {
  /// The bytes are no event; the detail says what is wrong, without content.
  case malformed(String)
  /// A run is to record a value that only a plan can have: a mistake of the program itself.
  case unknownValue
  /// A value nests deeper than is stored.
  case tooDeep
  /// The encoded event has this many bytes, more than is stored.
  case tooLarge(byteCount: Int)
  /// Written by a later program, in a form this one does not know.
  case unsupportedVersion(UInt64)
  /// Written by a later program: a type of event this one does not know.
  case unknownType(String)
  /// A secret was sealed with a key other than the one at hand.
  case sealedWithAnotherKey
  /// A sealed secret was altered, or moved to another event.
  case brokenSeal
  /// libcrypto refused to seal or to open a secret.
  case cryptography(CryptographyFailure)
}

extension StoredFormError: CustomStringConvertible {
  /// The end of a sentence that begins with what was stored.
  package var description: String {
    switch self {
    case .malformed(let detail): "it is damaged: \(detail)"
    case .unknownValue: "internal error: it holds a value that is not known yet"
    case .tooDeep: "its values nest deeper than \(CBOR.deepest) levels"
    case .tooLarge(let byteCount): "it has \(byteCount) bytes, more than an event may have"
    case .unsupportedVersion(let version): "its form has version \(version); update privirun"
    case .unknownType(let type): "it is of the unknown type `\(type)`; update privirun"
    case .sealedWithAnotherKey: "its secrets were sealed with another key"
    case .brokenSeal: "a sealed secret was altered"
    case .cryptography(let failure):
      "its secrets cannot be sealed or opened: \(failure.message)"
    }
  }
}
