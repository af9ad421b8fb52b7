/// How answers of all sections are written.
extension Dialect {
  /// How the offset of a timestamp is written; all timestamps are UTC.
  package enum TimestampForm: String, DialectChoice {
    /// `+00:00`.
    case offset
    /// `Z`.
    case zulu
  }

  /// How a refusal lists its reasons (protocol.md §12).
  package enum ProblemForm: String, DialectChoice {
    /// `{"errors": {"field": ["reason"]}}`, `{"message": …}`.
    case errors
    /// `{"errors": {"field": "reason"}}`, `{"message": …}`.
    case texts
    /// `{"errors": [{"field", "message"}]}`, `{"error": …}`.
    case list
    /// `{"violations": [{"propertyPath", "message"}]}`, `{"detail": …}`.
    case violations
    /// `["field: reason"]`.
    case sentences
    /// `{"message": …}` for everything.
    case message
    /// Plain text.
    case text
  }

  /// How lists are written.
  package enum ListForm: String, DialectChoice {
    /// Paged lists as `items`, all others as `array`.
    case paged
    case array
    /// `{"items": […], "meta": {…}}`.
    case items
    /// An object keyed by the records' identifiers.
    case keyed
  }

  /// What a healthy server returns to `utility.check-server-health`.
  package enum HealthForm: String, DialectChoice {
    /// `{"status": "ok"}`.
    case object
    case text
    /// No body.
    case empty
  }

  /// What joining and leaving a channel return.
  package enum JoinForm: String, DialectChoice {
    /// With the correlation id and a sentence.
    case correlated
    case bare
  }

  /// What a second join on one socket meets.
  package enum SecondJoin: String, DialectChoice {
    case again
    /// An error, and the end of the socket.
    case closes
  }

  /// How the identifier of a device is called in records.
  package enum DeviceName: String, DialectChoice {
    case deviceIdentifier
    case deviceID = "deviceId"
    case dashed = "device-identifier"
    case id
  }

  /// What a request for an identifier returns.
  package enum DeviceAnswer: String, DialectChoice {
    /// Under both names.
    case both
    /// `{"deviceIdentifier": …}`.
    case named
    case string
    /// `{"deviceUniqueIdentifier": …}`.
    case older
  }

  /// How policy templates are listed, each with the events that it can guard.
  package enum TemplateForm: String, DialectChoice {
    /// By template id; events by event id.
    case keyed
    /// A list with `template-identifier`; events from their names to numbers.
    case array
  }

  /// The name under which a policy's record holds its voting configuration.
  package enum PolicyVotingKey: String, DialectChoice {
    case votingConfigurationID = "votingConfigurationId"
    case configurationID = "configurationId"
  }

  /// What a request for the voting strategy returns.
  package enum StrategyForm: String, DialectChoice {
    /// The profile's own settings.
    case settings
    /// The strategies there are.
    case list
  }

  /// How the identifier of a new poll is named; it is the command's id always.
  package enum PollAnswer: String, DialectChoice {
    /// As any command's id.
    case commandID = "command-id"
    case poolID = "poolId"
    case poolIdentifier
    case pollID = "pollId"
    case id
  }

  /// When the command that created a poll is acknowledged.
  package enum PollAcknowledgement: String, DialectChoice {
    case opened
    case decided
  }

  /// The name under which a poll's record holds its state.
  package enum PollStateName: String, DialectChoice {
    case status
    case state
    case result
  }
}
