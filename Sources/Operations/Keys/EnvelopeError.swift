import Cryptography

/// Why a payload cannot be sealed or opened.
package enum EnvelopeError: Error, Sendable, Hashable {
  case keyLength(Int)
  case ivLength(Int)
  /// Fewer bytes than an empty envelope has.
  case tooShort(Int)
  /// More bytes than may be encrypted under one IV.
  case tooLong
  /// Altered, or sealed under another key.
  case notAuthentic
  /// The library refused to do it.
  case unavailable

  /// One sentence without a full stop.
  package var message: String {
    switch self {
    case .keyLength(let count): "a data key has 32 bytes, this one has \(count)"
    case .ivLength(let count): "an initialisation vector has 12 bytes, this one has \(count)"
    case .tooShort(let count):
      "an encrypted payload has at least 28 bytes, this one has \(count)"
    case .tooLong: "a payload may have at most \(Envelope.plaintextLimit) bytes, this one has more"
    case .notAuthentic: "the payload was altered or encrypted under another key"
    case .unavailable: "the payload could not be encrypted or decrypted"
    }
  }
}

extension EnvelopeError {
  /// Calls `body`, whose errors it throws as its own.
  static func translating<Result>(
    _ body: () throws(CipherError) -> Result
  ) throws(EnvelopeError) -> Result {
    do throws(CipherError) {
      return try body()
    } catch {
      throw EnvelopeError(error)
    }
  }

  private init(_ error: CipherError) {
    self =
      switch error {
      case .nonceLength(let count): .ivLength(count)
      case .tooLong: .tooLong
      case .notAuthentic: .notAuthentic
      case .unavailable: .unavailable
      }
  }
}
