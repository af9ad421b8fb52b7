package import Expressions

/// The messages that a client sends on the socket.
///
/// Both known forms at once: token and correlation id at the top level and inside `data`
/// (protocol.md §3, §13).
package enum ClientFrame {
  /// Asks to join the channel of the token's profile.
  ///
  /// The text holds the token.
  package static func join(token: Secret, correlationID: String) -> String {
    frame("joinChannel", token: token, correlationID: correlationID, channelID: nil)
  }

  /// Asks to leave the channel.
  ///
  /// The text holds the token.
  package static func leave(token: Secret, correlationID: String, channelID: String?) -> String {
    frame("leaveChannel", token: token, correlationID: correlationID, channelID: channelID)
  }

  private static func frame(
    _ action: String, token: Secret, correlationID: String, channelID: String?
  ) -> String {
    var data: ValueMap = [
      "authorizationToken": token.reveal(), "correlationId": .string(correlationID),
    ]
    if let channelID { data["channelId"] = .string(channelID) }
    return JSON.text(
      .map([
        "action": .string(action), "correlationId": .string(correlationID),
        "authorizationToken": token.reveal(), "data": .map(data),
      ]))
  }
}
