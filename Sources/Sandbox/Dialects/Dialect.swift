/// Which of the contract's variants a vault speaks (protocol.md §2, §3, §13, §15).
///
/// Defaults are the sandbox's own. `DialectVariant.all` names every one of them.
package struct Dialect: Sendable, Hashable {
  // Commands.
  /// Variant `command-id`: how the body of a response carries a command's id; the header always
  /// does.
  package var commandID: CommandIDForm = .array
  /// Variant `acceptance`: 202 or 200 for accepted commands, the latter only where it was seen.
  package var acceptance: Acceptance = .accepted
  /// Variant `status`: how the response to a poll of a command writes its status.
  package var status: StatusForm = .array
  /// Variant `pending-status`: the HTTP status of a poll while the command is in flight.
  package var pendingStatus: PendingStatus = .accepted
  /// Variant `pending-word`: the word for a command in flight.
  package var pendingWord: PendingWord = .started
  /// Variant `success-word`: the word for a command that is done.
  package var successWord: SuccessWord = .succeeded
  /// Variant `failure-word`: the word for a command that was refused.
  package var failureWord: FailureWord = .rejected
  /// Variant `refusal`: whether a poll that returns an array adds why a command was refused.
  package var refusal: RefusalForm = .reason
  /// Variant `poll-rate`: whether polls of one command within half a second are refused with 429.
  package var pollRate: PollRate = .free
  /// Variant `pending`: how often messages announce a command as pending.
  package var pending: Occurrence = .never
  /// Variant `ack`: how often a message announces a settled command, at least once.
  package var acknowledgement: Occurrence = .once
  /// Variant `ack-time`: whether a command settles after `VaultConfiguration.delay` or at once.
  package var acknowledgementTime: AcknowledgementTime = .settled
  /// Variant `ack-body`: whether a message on a settled command holds a sentence or a key.
  package var acknowledgementBody: AcknowledgementBody = .sentence

  // Answers in general.
  /// Variant `timestamps`: how the offset of a timestamp is written.
  package var timestamps: TimestampForm = .offset
  /// Variant `problems`: how a refusal lists its reasons.
  package var problems: ProblemForm = .errors
  /// Variant `lists`: how lists are written.
  package var lists: ListForm = .paged
  /// Variant `health`: what a healthy server returns.
  package var health: HealthForm = .object
  /// Variant `join`: whether responses to joining and leaving carry the correlation id.
  package var join: JoinForm = .correlated
  /// Variant `second-join`: whether a second join on one socket is accepted or ends the socket.
  package var secondJoin: SecondJoin = .again

  // Tokens.
  /// Variant `renewal`: whether renewing a token gives a new one or extends the old.
  package var renewal: Renewal = .newToken
  /// Variant `revocation`: what revoking a token returns.
  package var revocation: Revocation = .object
  /// Variant `access-token`: the names in the response that issues an access token.
  package var accessToken: AccessTokenForm = .token
  /// Variant `authorization-code`: the name of an authorization code.
  package var authorizationCode: AuthorizationCodeName = .both
  /// Variant `scope`: how the scopes of a token are returned.
  package var scope: ScopeForm = .array

  // Data.
  /// Variant `request-data`: whether a request for data returns its ids in the body too.
  package var requestData: RequestDataForm = .object
  /// Variant `delivery`: how requested data reaches the caller.
  package var delivery: Delivery = .link
  /// Variant `notice`: how often a notice without data comes before the data.
  package var notice: Occurrence = .never
  /// Variant `stream-ready`: what a STREAM-READY message names.
  package var streamReady: StreamReadyForm = .sameID
  /// Variant `stream`: whether the place of an upload is sent as a complete address or a bare
  /// value.
  package var streamForm: StreamForm = .address
  /// Variant `upload`: whether the response to an upload has a command id.
  package var upload: UploadForm = .plain
  /// Variant `temporary-token`: how a temporary token is returned.
  package var temporaryToken: TemporaryTokenForm = .object
  /// Variant `permanent-token`: how the permanent token is returned, if at all.
  package var permanentToken: PermanentToken = .object
  /// Variant `rows`: where rows of data tokens hold their metadata.
  package var rows: RowForm = .nested

  // Records.
  /// Variant `device-name`: how records name a device's identifier.
  package var deviceName: DeviceName = .deviceIdentifier
  /// Variant `device-answer`: what a request for a device's identifier returns.
  package var deviceAnswer: DeviceAnswer = .both
  /// Variant `templates`: how policy templates are listed.
  package var templates: TemplateForm = .keyed
  /// Variant `policy-voting-key`: how a policy names its voting configuration.
  package var policyVotingKey: PolicyVotingKey = .votingConfigurationID
  /// Variant `strategy`: whether the voting strategy is the profile's settings or a list of all.
  package var strategy: StrategyForm = .settings
  /// Variant `poll`: how the response to a new poll names its identifier.
  package var poll: PollAnswer = .commandID
  /// Variant `poll-header`: whether that response carries the command's id in a header.
  package var namesPollInHeader = true
  /// Variant `poll-ack`: whether a new poll's command is done when the poll opens or is decided.
  package var pollAcknowledgement: PollAcknowledgement = .opened
  /// Variant `poll-state`: the name of a poll's state in its record.
  package var pollState: PollStateName = .status

  // What is refused at once, and what when the command settles.
  /// Variant `taken-username`: whether a taken name is refused at once with 409, or later.
  package var takenUsername: TakenUsername = .refused
  /// Variant `dead-reservation`: whether a dead reservation is refused at once, or later.
  package var deadReservation: DeadReservation = .refused
  /// Variant `wrong-key`: when a key with a wrong tag or digest is refused.
  package var wrongKey: Refused = .later
  /// Variant `reused-nonce`: when a nonce that was used before is refused.
  package var reusedNonce: Refused = .later
  /// Variant `missing-key`: 403 or 401 for protected calls before the profile's key is registered.
  package var missingKey: MissingKey = .forbidden

  // Rules.
  /// Variant `paths`: which of two paths is served where sources differ.
  package var paths: Source = .all
  /// Variant `required-fields`: which fields are required where sources differ.
  package var requiredFields: Source = .all
  /// Variant `token-proof`: what stands behind `Basic` when a code is changed for a token.
  package var tokenProof: TokenProof = .either
  /// Variant `asked-scopes`: which scopes an application may request.
  package var askedScopes: AskedScopes = .any
  /// Variant `early-login`: what credentials meet while their registration is in progress.
  package var earlyLogin: EarlyLogin = .settles
  /// Variant `key-tag`: which engine's tag a public key begins with.
  package var keyTag: KeyTag = .current
  /// Variant `profile-key`: whether protected calls are refused until the profile's key is
  /// registered.
  package var demandsProfileKey = true
  /// Variant `device-key`: whether approval waits for the device's own key.
  package var deviceKey: DeviceKey = .no
  /// Variant `device-online`: whether a device is online at once or after its configuration was
  /// fetched.
  package var deviceOnline: DeviceOnline = .atOnce
  /// Variant `missing-holder`: whether a request waits for a device that holds the data.
  package var missingHolder: MissingHolder = .waits
  /// Variant `bare-policy`: whether a policy without a voting configuration polls.
  package var bareRule: BareRule = .polls
  /// Variant `poll-end`: whether a poll ends early when its outcome is certain.
  package var pollEnd: PollEnd = .certain
  /// Variant `percentage`: whether a percentage is of those who answered or of all who were asked.
  package var percentage: PercentageBase = .answered
  /// Variant `repeated-role`: whether giving a device a role again is refused.
  package var repeatedRole: RepeatedRole = .unchanged
  /// Variant `same-name`: what a name meets that the profile has given before.
  package var sameName: SameName = .usual

  /// The sandbox's own choice of every variant, which the preset `default` speaks.
  package init() {}
}
