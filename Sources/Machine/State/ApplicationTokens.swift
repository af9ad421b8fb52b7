import Expressions

/// The latest pair of tokens of an application, and the access token that it was first given.
struct ApplicationTokens: Sendable, Hashable {
  let original: Secret
  let access: Secret
  let refresh: Secret

  init(original: Secret, access: Secret, refresh: Secret) {
    self.original = original
    self.access = access
    self.refresh = refresh
  }

  /// Reads back `value`; nil for anything else.
  init?(_ value: ValueMap) {
    guard case .secret(let original)? = value["original"],
      case .secret(let access)? = value["accessToken"],
      case .secret(let refresh)? = value["refreshToken"]
    else { return nil }
    self.init(original: original, access: access, refresh: refresh)
  }

  /// As the event `refreshed` has them.
  var value: ValueMap {
    [
      "original": .secret(original), "accessToken": .secret(access),
      "refreshToken": .secret(refresh),
    ]
  }
}
