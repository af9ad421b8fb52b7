package import Expressions

/// One text message from the socket (protocol.md §3).
///
/// Reading never fails: whatever the contract does not know is `ignored`.
package enum ServiceMessage: Sendable, Hashable {
  /// The socket is joined to the profile's channel.
  case joined(correlationID: String?, channelID: String)
  /// A join or leave was refused.
  case joinRefused(correlationID: String?, status: Int?, message: String)
  /// The socket left the channel.
  case left(correlationID: String?)
  /// A command's state changed, or was sent again.
  case commandStatus(id: String, state: CommandState, body: Value)
  /// What `request-data` asked for, or news of it; see `RequestedData`. The body is secret.
  case requestData(id: String, context: String?, outputType: Int?, body: Value)
  /// A large payload can be fetched now.
  case streamReady(id: String?, url: Secret?)
  case ignored

  /// The longest message that is read, in bytes; longer ones are ignored.
  package static let maximumCount = 16 * 1024 * 1024

  /// Reads one message; what is shown of it is without the secrets that `scrubber` knows.
  package init(parsing text: String, hiding scrubber: SecretScrubber = SecretScrubber()) {
    guard text.utf8.count <= Self.maximumCount, let value = try? JSON.parse(text.utf8) else {
      self = .ignored
      return
    }
    self.init(value, scrubber)
  }

  /// Reads every message of one frame: a JSON object, an array of objects, or several JSON texts
  /// one after the other, with or without a byte order mark.
  package static func all(
    in frame: String, hiding scrubber: SecretScrubber = SecretScrubber()
  ) -> [ServiceMessage] {
    guard frame.utf8.count <= maximumCount else { return [.ignored] }
    let text =
      frame.unicodeScalars.first == "\u{FEFF}" ? String(frame.unicodeScalars.dropFirst()) : frame
    if let value = try? JSON.parse(text.utf8) { return messages(of: value, scrubber) }
    let messages = JSONTexts.split(text).flatMap { part in
      (try? JSON.parse(part.utf8)).map { Self.messages(of: $0, scrubber) } ?? []
    }
    return messages.isEmpty ? [.ignored] : messages
  }

  private static func messages(of value: Value, _ scrubber: SecretScrubber) -> [ServiceMessage] {
    guard case .list(let elements) = value, !elements.isEmpty else {
      return [ServiceMessage(value, scrubber)]
    }
    return elements.map { ServiceMessage($0, scrubber) }
  }

  private init(_ value: Value, _ scrubber: SecretScrubber) {
    guard case .map(let frame) = value else {
      self = .ignored
      return
    }
    let data = frame["data"]?.fields
    if let data, let type = data["type"]?.plainText {
      self = Self.published(type.uppercased(), data, scrubber)
    } else {
      self = Self.answer(frame, data ?? ValueMap(), scrubber)
    }
  }

  private static func published(
    _ type: String, _ data: ValueMap, _ scrubber: SecretScrubber
  ) -> ServiceMessage {
    let id = data.identifier("id")
    switch type {
    case "X-DPT-CAB-ID":
      guard let id,
        let state = CommandState(
          data["command_status"] ?? data["commandStatus"], data["body"] ?? .null,
          hiding: scrubber)
      else { return .ignored }
      return .commandStatus(
        id: id, state: state, body: scrubber.recordable(data["body"] ?? .null))
    case "X-DPT-CAB-REQUEST-ID":
      guard let id = id ?? data.identifier("requestId") else { return .ignored }
      let outputType = (data["output_type"] ?? data["outputType"]).flatMap {
        $0.plainText.flatMap { Int($0) }
      }
      return .requestData(
        id: id, context: (data["data_context"] ?? data["dataContext"])?.plainText,
        outputType: outputType, body: (data["body"] ?? .null).hidden)
    case "STREAM-READY":
      let url = data["streamUrl"] ?? data["stream_url"] ?? data["url"]
      return .streamReady(
        id: id ?? data.identifier("requestId"), url: url?.text.map { Secret($0) })
    default: return .ignored
    }
  }

  /// The answer to a join or leave: a status, and a channel when it went well.
  private static func answer(
    _ frame: ValueMap, _ data: ValueMap, _ scrubber: SecretScrubber
  ) -> ServiceMessage {
    let correlation = frame.identifier("correlationId") ?? data.identifier("correlationId")
    let status = (frame["status"] ?? data["status"])?.plainText.flatMap { Int($0) }
    let message = (data["message"] ?? frame["message"] ?? frame["error"])?.plainText
    let channel = data.identifier("channelId") ?? frame.identifier("channelId")
    guard status != nil || correlation != nil, status != nil || channel != nil else {
      return .ignored
    }
    guard (200..<300).contains(status ?? 200) else {
      return .joinRefused(
        correlationID: correlation, status: status,
        message: message.map { scrubber.line($0, limit: 200) } ?? "no reason given")
    }
    if let message, message.lowercased().split(separator: " ").contains("left") {
      return .left(correlationID: correlation)
    }
    guard let channel else { return .ignored }
    return .joined(correlationID: correlation, channelID: channel)
  }
}

extension ValueMap {
  /// A text or number of at most 512 bytes under `name`.
  fileprivate func identifier(_ name: String) -> String? {
    self[name]?.plainText.flatMap { $0.isEmpty || $0.utf8.count > 512 ? nil : $0 }
  }
}
