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
        return [try Self.header("Authorization", "Basic \(accessToken)")]
      }
      if let token = token?.reveal().text {
        return [try Self.header("X-DPT-AUTHORIZATION", token)]
      }
      guard route.authorization ?? authorization == .tokenIfAny else { throw .missingToken }
      return []
    case .clientBasic:
      let pair = "\(try text("clientId", in: values)):\(try text("clientSecret", in: values))"
      return [HTTPField("Authorization", "Basic \(Base64.encode(pair.utf8))")]
    case .accessToken:
      return [try Self.header("Authorization", "Basic \(text("accessToken", in: values))")]
    case .authorizationCode:
      return [try Self.header("Authorization", "Basic \(text("authorization_code", in: values))")]
    }
  }

  /// A header whose value cannot end it early (RFC 9110 §5.5).
  private static func header(_ name: String, _ value: String) throws(RequestError) -> HTTPField {
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .unusableInHeader }
    return HTTPField(name, value)
  }

  private func text(
    _ name: String, in values: OrderedDictionary<String, Value>
  ) throws(RequestError) -> String {
    guard let text = values[name]?.plainText else { throw .missingField(name) }
    return text
  }
}
