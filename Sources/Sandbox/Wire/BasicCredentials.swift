import Expressions
import Operations

extension APIRequest {
  /// What stands behind `Basic` in the header `Authorization` (RFC 7617 §2).
  var basicCredentials: String? {
    guard let header = header("Authorization"), header.prefix(6).lowercased() == "basic " else {
      return nil
    }
    let text = header.dropFirst(6).drop { $0 == " " }
    return text.isEmpty ? nil : String(text)
  }

  /// The client id and secret that `Basic` holds in base64.
  var basicPair: (clientID: String, secret: String)? {
    guard let bytes = basicCredentials.flatMap(Base64.decode),
      let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":")
    else { return nil }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }
}
