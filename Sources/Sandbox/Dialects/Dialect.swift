/// Which of the contract's variants a vault speaks (protocol.md §2, §3, §13, §15).
///
/// Defaults are the sandbox's own. `DialectVariant.all` names every one of them.
package struct Dialect: Sendable, Hashable {
  // Commands.
  package var commandID: CommandIDForm = .array
  package var acceptance: Acceptance = .accepted
  package var status: StatusForm = .array
  package var pendingStatus: PendingStatus = .accepted
  package var pendingWord: PendingWord = .started
  package var successWord: SuccessWord = .succeeded
  package var failureWord: FailureWord = .rejected
  package var refusal: Refusal = .reason
  package var pollRate: PollRate = .free
  package var pending: Occurrence = .never
  package var acknowledgement: Occurrence = .once
  package var acknowledgementTime: AcknowledgementTime = .settled
  package var acknowledgementBody: AcknowledgementBody = .sentence

  // Answers in general.
  package var timestamps: TimestampForm = .offset
  package var problems: ProblemForm = .errors
  package var lists: ListForm = .paged
  package var health: HealthForm = .object
  package var join: JoinForm = .correlated
  package var secondJoin: SecondJoin = .again

  // Tokens.
  package var renewal: Renewal = .newToken
  package var revocation: Revocation = .object
  package var accessToken: AccessTokenForm = .token
  package var authorizationCode: AuthorizationCodeName = .both
  package var scope: ScopeForm = .array

  // Data.
  package var requestData: RequestDataForm = .object
  package var delivery: Delivery = .link
  package var notice: Occurrence = .never
  package var streamReady: StreamReadyForm = .sameID
  package var streamForm: StreamForm = .address
  package var upload: UploadForm = .plain
  package var temporaryToken: TemporaryTokenForm = .object
  package var permanentToken: PermanentToken = .object
  package var rows: RowForm = .nested

  // Records.
  package var deviceName: DeviceName = .deviceIdentifier
  package var deviceAnswer: DeviceAnswer = .both
  package var templates: TemplateForm = .keyed
  package var policyVotingKey: PolicyVotingKey = .votingConfigurationID
  package var strategy: StrategyForm = .settings
  package var poll: PollAnswer = .commandID
  package var namesPollInHeader = true
  package var pollAcknowledgement: PollAcknowledgement = .opened
  package var pollState: PollStateName = .status

  // What is refused at once, and what when the command settles.
  package var takenUsername: TakenUsername = .refused
  package var deadReservation: DeadReservation = .refused
  package var wrongKey: Refused = .later
  package var reusedNonce: Refused = .later
  package var missingKey: MissingKey = .forbidden

  // Rules.
  package var paths: Source = .all
  package var requiredFields: Source = .all
  package var tokenProof: TokenProof = .either
  package var askedScopes: AskedScopes = .any
  package var earlyLogin: EarlyLogin = .settles
  package var keyTag: KeyTag = .current
  package var demandsProfileKey = true
  package var deviceKey: DeviceKey = .no
  package var deviceOnline: DeviceOnline = .atOnce
  package var missingHolder: MissingHolder = .waits
  package var bareRule: BareRule = .polls
  package var pollEnd: PollEnd = .certain
  package var percentage: PercentageBase = .answered
  package var repeatedRole: RepeatedRole = .unchanged
  package var sameName: SameName = .usual

  package init() {}
}
