/// Which of the contract's variants a vault speaks (protocol.md §13, §15); defaults are its own.
package struct Dialect: Sendable, Hashable {
  /// How one identifier or word is written as a body.
  package enum TextForm: String, Sendable, Hashable, CaseIterable {
    /// `["text"]`.
    case array
    /// `"text"`.
    case string
    /// `{"commandId": "text"}`, with status and reason where a status is asked.
    case object
  }

  /// What a registration with a taken name meets.
  package enum TakenUsername: String, Sendable, Hashable, CaseIterable {
    /// The command is accepted and refused later.
    case refused
    /// HTTP 409 at once.
    case conflict
  }

  /// How requested data reaches the caller.
  package enum Delivery: String, Sendable, Hashable, CaseIterable {
    /// A message with a complete download address.
    case link
    /// A message with the payload; with the bare download value and STREAM-READY when it is large.
    case inline
  }

  /// How the place of an upload is told.
  package enum StreamForm: String, Sendable, Hashable, CaseIterable {
    /// A complete address.
    case address
    /// The bare value, to be put together with server and port.
    case value
  }

  /// What renewing a token answers.
  package enum Renewal: String, Sendable, Hashable, CaseIterable {
    /// 200 with a new token; the old one dies.
    case newToken = "new-token"
    /// 202 with a command that extends the same token.
    case command
  }

  /// How the permanent token is answered.
  package enum PermanentToken: String, Sendable, Hashable, CaseIterable {
    /// `{"token": …}`.
    case object
    case string
    /// Not at all: the reserved token stays the only one.
    case none
  }

  /// How lists are written.
  package enum ListForm: String, Sendable, Hashable, CaseIterable {
    /// Paged lists as `items`, all others as `array`.
    case mixed
    case array
    /// `{"items": […], "meta": {…}}`.
    case items
    /// An object keyed by the records' identifiers.
    case keyed
  }

  package var commandID: TextForm = .array
  /// The status of an accepted command: 202, or 200 (protocol.md §2).
  package var acceptedStatus = 202
  package var status: TextForm = .array
  package var takenUsername: TakenUsername = .refused
  package var delivery: Delivery = .link
  package var streamForm: StreamForm = .address
  package var renewal: Renewal = .newToken
  package var permanentToken: PermanentToken = .object
  package var lists: ListForm = .mixed
  /// Whether protected calls are refused until the profile has registered its key.
  package var demandsProfileKey = true
  /// Whether a device must have registered a key of its own before it is approved.
  package var demandsDeviceKey = false
  /// Whether commands are announced as pending before they settle.
  package var announcesPending = false

  package init() {}
}
