import Expressions
import Operations
import OrderedCollections

/// Somebody who can authenticate.
struct Profile: Sendable, Codable {
  let id: ProfileID
  let username: String
  var password: KeptSecret
  /// 200 hexadecimal characters; nil until the profile has registered its key.
  var publicKey: String?
  /// What polls go by when no voting configuration says otherwise (protocol.md §9).
  var votingRules = VotingRules()
  /// In the order their identifiers were requested.
  var devices: OrderedSet<DeviceID> = []
  /// In the order they were registered as such.
  var authenticators: OrderedSet<DeviceID> = []
  var votingConfigurations: OrderedDictionary<VotingConfigurationID, VotingConfiguration> = [:]
  var policies: OrderedDictionary<PolicyID, Policy> = [:]
  var dataTokens: OrderedSet<DataTokenID> = []
}

/// Proof of an authentication.
struct AuthorizationToken: Sendable, Codable {
  let profile: ProfileID
  var expiresAt: Moment
  /// What an application may do with it; nil for the profile's own, which may do everything.
  var grant: Grant?
}
