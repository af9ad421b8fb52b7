import Expressions

/// The ids that an answer carries, wherever they stand (protocol.md §2, §7.6).
struct CommandIdentity {
  var commandID: String?
  var requestID: String?
  /// Whether nothing but its place says that the command id is one: it could identify what was
  /// created.
  let isCommandImplied: Bool

  init(_ response: APIResponse, body: AnswerBody, operation: Operation) {
    let header = response.header("X-Dpt-Cab-Id")?.unquoted
    let requestHeader = response.header("X-Dpt-Cab-Request-Id")?.unquoted
    let named = body.object?.text(under: ["commandId", "command_id", "commandID"])
    let anonymous = body.bareText?.unquoted ?? body.object?.text(under: ["id"])
    switch operation.completion {
    case .requestID:
      let requestNamed = body.object?.text(under: ["requestId", "request_id", "requestID"])
      requestID = requestHeader ?? requestNamed ?? anonymous
      commandID = named ?? header ?? (requestID == anonymous ? nil : anonymous)
    case .commandStatus:
      commandID = named ?? body.bareText?.unquoted ?? header
      if commandID == nil, response.status == 202 { commandID = anonymous }
    case .http:
      // Only an acceptance is a command here: a bare text answered with 200 is the thing itself.
      if response.status == 202 { commandID = named ?? anonymous ?? header }
    case .stream:
      // What comes down is the end, whatever its headers say.
      if !operation.answersBytes {
        commandID = header ?? (response.status == 202 ? named : nil)
      }
    }
    isCommandImplied = commandID != nil && header == nil && named == nil
  }
}

extension ValueMap {
  /// The first of `names` that holds a text or a number.
  fileprivate func text(under names: [String]) -> String? {
    names.lazy.compactMap { self[$0]?.plainText?.unquoted }.first
  }
}

extension String {
  /// An id without quotes and space around it, or nil when nothing or no id is left.
  fileprivate var unquoted: String? {
    // Almost every id is as it stands.
    let isPlain = utf8.allSatisfy { (0x23...0x7E).contains($0) }
    if isPlain { return isEmpty || utf8.count > 512 ? nil : self }
    let bare = trimmed.trimmingPrefix("\"")
    let text = bare.hasSuffix("\"") ? bare.dropLast() : bare
    let isID = !text.isEmpty && text.utf8.count <= 512 && !text.contains(where: \.isWhitespace)
    return isID ? String(text) : nil
  }
}
