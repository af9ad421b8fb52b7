import Expressions

/// Secrets that the sample run holds and that must never be found in any output.
package enum PlantedSecrets {
  package static let password = "hunter2-Pa55word-planted"
  package static let token = "tok_planted_9f8e7d6c5b4a"
  package static let privateKey = "5ecre7ca11ab1e5ecre7ca11ab1e5ecre7ca11ab1e5ecre7ca11ab1e5ecre7ca"
  package static let reason = "planted-reason-with-a-secret"

  package static let all = [password, token, privateKey, reason]

  /// Every way a secret could be spelled: clear, base64 at each of three offsets, hex.
  package static var spellings: [String] {
    all.flatMap { secret in
      let bytes = Array(secret.utf8)
      let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      return [secret, hex, hex.uppercased()] + (0..<3).map { base64(Array(bytes.dropFirst($0))) }
    }
  }

  /// The base64 digits that whole triples of `bytes` give, without a padded end.
  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, through: bytes.count - 3, by: 3) {
      let triple = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
      for shift in [18, 12, 6, 0] { text.append(digits[triple >> shift & 63]) }
    }
    return text
  }
}
