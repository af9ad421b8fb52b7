import Expressions
import Operations
import Randomness

extension VaultRoute {
  static let publicKey: [VaultRoute] = [
    VaultRoute(
      "public-key.generate-your-private-and-public-keys", "GET", "/generate-keys", .none,
      .open { vault, _ in vault.generateKeys() }),
    VaultRoute(
      "public-key.register-public-key", "POST", "/public-key/register-public-key", .form,
      .beforeKey { $0.registerPublicKey($1, $2) }),
    VaultRoute(
      "public-key.retrieve-public-key", "GET", "/public-key/retrieve-public-key", .none,
      .read { vault, _, caller in vault.ownPublicKey(caller) }),
    VaultRoute(
      "public-key.retrieve-public-key", "POST", "/public-key/retrieve-public-key", .form,
      .read { vault, _, caller in vault.ownPublicKey(caller) }),
    VaultRoute(
      "public-key.retrieve-cab-public-key", "GET", "/dptcab/public-key", .none,
      .full { vault, _, _ in .json(["publicKey": .string(vault.state.engineKey)]) }),
  ]
}

extension Vault {
  /// A fresh pair of keys in the forms that are shown (protocol.md §5), or nil when
  /// libcrypto cannot make one.
  static func keyPair(
    from generator: inout SplitMix, tag: SignedPublicKey.Tag
  ) -> (privateKey: Secret, publicKey: String)? {
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    guard let pair = try? KeyPair(randomBytes: bytes), let signed = try? pair.signed(tag: tag)
    else {
      return nil
    }
    return (pair.privateKey, signed.hex)
  }

  fileprivate mutating func generateKeys() -> APIResponse {
    guard let pair = Self.keyPair(from: &state.generator, tag: dialect.keyTag.own) else {
      return .failure(503, "no keys can be made")
    }
    return .json(["private": pair.privateKey.reveal(), "public": .string(pair.publicKey)])
  }

  /// Length and digits are a matter of form; tag and digest are refused later (protocol.md §15).
  fileprivate mutating func registerPublicKey(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let key = form.text("publicKey", "public_key")
    if form.refusal == nil, key.utf8.count != 200 || Hexadecimal.decode(key) == nil {
      form.refuse("publicKey", "must be 200 hexadecimal characters")
    }
    if form.refusal == nil, dialect.wrongKey == .invalid, signedKey(key) == nil {
      form.refuse("publicKey", "public_key.invalid_signature")
    }
    if let refusal = form.refusal { return refusal }
    return accept(.registerKey(key), call, of: caller)
  }

  /// The key that a text is, if its digest is right and its tag one that is taken.
  private func signedKey(_ text: String) -> SignedPublicKey? {
    dialect.keyTag.tags.lazy.compactMap { try? SignedPublicKey(parsing: text, tag: $0) }.first
  }

  fileprivate func ownPublicKey(_ caller: Caller) -> APIResponse {
    guard let key = state.records.profiles[caller.profile]?.publicKey else {
      return .failure(404, "no public key")
    }
    return .json(["publicKey": .string(key)])
  }

  /// Registering a key again replaces it (protocol.md §4).
  mutating func registerKey(_ text: String, of command: Command) -> EffectFate {
    guard let owner = command.owner else { return .refused("profile.not_found") }
    guard let key = signedKey(text) else { return .refused("public_key.invalid_signature") }
    state.records.profiles[owner]?.publicKey = key.hex
    return .done("Public key registered.")
  }
}
