import Expressions
import OrderedCollections

extension Operation {
  /// The headers that prove who sends the request (protocol.md §4, §11).
  ///
  /// A given field `accessToken` goes before the session's token: the caller then acts as an
  /// application (protocol.md §9, manual poll).
  func authorizationHeaders(
    _ values: OrderedDictionary<String, Value>, by route: Route, token: Secret?
  ) throws(RequestError) -> [HTTPField] {
    switch route.authorization ?? authorization {
    case .none, .streamAuth: return []
    case .token, .tokenIfAny:
      if let accessToken = values["accessToken"]?.plainText {
        return [HTTPField("Authorization", "Basic \(accessToken)")]
      }
      if let token = token?.reveal().text {
        return [HTTPField("X-DPT-AUTHORIZATION", token)]
      }
      guard authorization == .tokenIfAny else { throw .missingToken }
      return []
    case .clientBasic:
      let pair = "\(try text("clientId", in: values)):\(try text("clientSecret", in: values))"
      return [HTTPField("Authorization", "Basic \(Base64.encode(pair.utf8))")]
    case .accessToken:
      return [HTTPField("Authorization", "Basic \(try text("accessToken", in: values))")]
    case .authorizationCode:
      return [HTTPField("Authorization", "Basic \(try text("authorization_code", in: values))")]
    }
  }

  private func text(
    _ name: String, in values: OrderedDictionary<String, Value>
  ) throws(RequestError) -> String {
    guard let text = values[name]?.plainText else { throw .missingField(name) }
    return text
  }
}
