extension DialectVariant {
  /// Every point on which services differ; this list is the only place that names them all.
  package static let all: [DialectVariant] = commands + answers + data + records + rules

  private static let commands: [DialectVariant] = [
    DialectVariant(
      "command-id",
      "How the response to a command carries its id; the header always does",
      get: { $0.commandID }, set: { $0.commandID = $1 }),
    DialectVariant(
      "acceptance",
      "The status of an accepted command, on the operations where 200 was seen",
      get: { $0.acceptance }, set: { $0.acceptance = $1 }),
    DialectVariant(
      "status", "How a polled status is written",
      get: { $0.status }, set: { $0.status = $1 }),
    DialectVariant(
      "pending-status", "The HTTP status of a poll while the command is in flight",
      get: { $0.pendingStatus }, set: { $0.pendingStatus = $1 }),
    DialectVariant(
      "pending-word", "The word for a command in flight",
      get: { $0.pendingWord }, set: { $0.pendingWord = $1 }),
    DialectVariant(
      "success-word", "The word for a command that is done",
      get: { $0.successWord }, set: { $0.successWord = $1 }),
    DialectVariant(
      "failure-word", "The word for a command that was refused",
      get: { $0.failureWord }, set: { $0.failureWord = $1 }),
    DialectVariant(
      "refusal", "What a poll of a refused command returns; an object always includes the reason",
      get: { $0.refusal }, set: { $0.refusal = $1 }),
    DialectVariant(
      "poll-rate", "The response to polls of one command within half a second; limited is 429",
      .seldom,
      get: { $0.pollRate }, set: { $0.pollRate = $1 }),
    DialectVariant(
      "pending", "How often a command is announced as pending",
      get: { $0.pending }, set: { $0.pending = $1 }),
    DialectVariant(
      "ack", "How often a settled command is announced", without: [Dialect.Occurrence.never],
      get: { $0.acknowledgement }, set: { $0.acknowledgement = $1 }),
    DialectVariant(
      "ack-time", "When a command settles: after the delay, or before its answer",
      get: { $0.acknowledgementTime }, set: { $0.acknowledgementTime = $1 }),
    DialectVariant(
      "ack-body", "What the message on a settled command says",
      get: { $0.acknowledgementBody }, set: { $0.acknowledgementBody = $1 }),
  ]

  private static let answers: [DialectVariant] = [
    DialectVariant(
      "timestamps", "How the offset of a timestamp is written",
      get: { $0.timestamps }, set: { $0.timestamps = $1 }),
    DialectVariant(
      "problems", "How a refusal lists its reasons",
      get: { $0.problems }, set: { $0.problems = $1 }),
    DialectVariant(
      "lists", "How lists are written",
      get: { $0.lists }, set: { $0.lists = $1 }),
    DialectVariant(
      "health", "What a healthy server returns",
      get: { $0.health }, set: { $0.health = $1 }),
    DialectVariant(
      "join", "What joining and leaving a channel return",
      get: { $0.join }, set: { $0.join = $1 }),
    DialectVariant(
      "second-join", "What a second join on one socket meets", .once,
      get: { $0.secondJoin }, set: { $0.secondJoin = $1 }),
    DialectVariant(
      "renewal", "What renewing a token returns",
      get: { $0.renewal }, set: { $0.renewal = $1 }),
    DialectVariant(
      "revocation", "What revoking a token returns",
      get: { $0.revocation }, set: { $0.revocation = $1 }),
    DialectVariant(
      "access-token", "How an access token is named",
      get: { $0.accessToken }, set: { $0.accessToken = $1 }),
    DialectVariant(
      "authorization-code", "How an authorization code is named",
      get: { $0.authorizationCode }, set: { $0.authorizationCode = $1 }),
    DialectVariant(
      "scope", "How the scopes of a token are returned",
      get: { $0.scope }, set: { $0.scope = $1 }),
  ]

  private static let data: [DialectVariant] = [
    DialectVariant(
      "request-data", "Where a request for data carries its ids",
      get: { $0.requestData }, set: { $0.requestData = $1 }),
    DialectVariant(
      "delivery", "How requested data reaches the caller",
      get: { $0.delivery }, set: { $0.delivery = $1 }),
    DialectVariant(
      "notice", "How often a notice comes before the data",
      get: { $0.notice }, set: { $0.notice = $1 }),
    DialectVariant(
      "stream-ready", "What STREAM-READY names",
      get: { $0.streamReady }, set: { $0.streamReady = $1 }),
    DialectVariant(
      "stream", "How the address of an upload is sent",
      get: { $0.streamForm }, set: { $0.streamForm = $1 }),
    DialectVariant(
      "upload", "Whether the response to an upload has a command id",
      get: { $0.upload }, set: { $0.upload = $1 }),
    DialectVariant(
      "temporary-token",
      "How a temporary token is returned; a bare string leaves no way to upload", .never,
      get: { $0.temporaryToken }, set: { $0.temporaryToken = $1 }),
    DialectVariant(
      "permanent-token", "How the permanent token is returned",
      get: { $0.permanentToken }, set: { $0.permanentToken = $1 }),
    DialectVariant(
      "rows", "Where rows of data tokens hold their metadata",
      get: { $0.rows }, set: { $0.rows = $1 }),
  ]

  private static let records: [DialectVariant] = [
    DialectVariant(
      "device-name", "How records name a device's identifier",
      get: { $0.deviceName }, set: { $0.deviceName = $1 }),
    DialectVariant(
      "device-answer", "What a request for an identifier returns",
      get: { $0.deviceAnswer }, set: { $0.deviceAnswer = $1 }),
    DialectVariant(
      "templates", "How policy templates are listed",
      get: { $0.templates }, set: { $0.templates = $1 }),
    DialectVariant(
      "policy-voting-key", "How a policy names its voting configuration",
      get: { $0.policyVotingKey }, set: { $0.policyVotingKey = $1 }),
    DialectVariant(
      "strategy", "What a request for the voting strategy returns",
      get: { $0.strategy }, set: { $0.strategy = $1 }),
    DialectVariant(
      "poll", "How the response to a new poll names its identifier",
      get: { $0.poll }, set: { $0.poll = $1 }),
    DialectVariant(
      "poll-header", "Whether the response to a new poll carries its command's id in a header",
      get: { Switch($0.namesPollInHeader) }, set: { $0.namesPollInHeader = $1 == .yes }),
    DialectVariant(
      "poll-ack", "When a new poll's command is done",
      get: { $0.pollAcknowledgement }, set: { $0.pollAcknowledgement = $1 }),
    DialectVariant(
      "poll-state", "The name of a poll's state",
      get: { $0.pollState }, set: { $0.pollState = $1 }),
  ]

  private static let rules: [DialectVariant] = [
    DialectVariant(
      "taken-username", "The response to a registration with a taken name",
      get: { $0.takenUsername }, set: { $0.takenUsername = $1 }),
    DialectVariant(
      "dead-reservation", "The response to an exchange without a live reservation",
      get: { $0.deadReservation }, set: { $0.deadReservation = $1 }),
    DialectVariant(
      "wrong-key", "The response to a key with a wrong tag or digest",
      get: { $0.wrongKey }, set: { $0.wrongKey = $1 }),
    DialectVariant(
      "reused-nonce", "The response to a nonce that was used before",
      get: { $0.reusedNonce }, set: { $0.reusedNonce = $1 }),
    DialectVariant(
      "missing-key", "The response to a protected call before the key is registered",
      get: { $0.missingKey }, set: { $0.missingKey = $1 }),
    DialectVariant(
      "paths", "Which of two paths is served where sources differ", .once,
      get: { $0.paths }, set: { $0.paths = $1 }),
    DialectVariant(
      "required-fields", "Which fields are required where sources differ", .never,
      get: { $0.requiredFields }, set: { $0.requiredFields = $1 }),
    DialectVariant(
      "token-proof", "What stands behind Basic when a code is changed for a token", .once,
      get: { $0.tokenProof }, set: { $0.tokenProof = $1 }),
    DialectVariant(
      "asked-scopes", "The scopes that an application may request", .never,
      get: { $0.askedScopes }, set: { $0.askedScopes = $1 }),
    DialectVariant(
      "early-login", "What credentials meet while their registration is in progress", .never,
      get: { $0.earlyLogin }, set: { $0.earlyLogin = $1 }),
    DialectVariant(
      "key-tag", "Which engine's tag a public key begins with", .never,
      get: { $0.keyTag }, set: { $0.keyTag = $1 }),
    DialectVariant(
      "profile-key", "Whether protected calls wait for the profile's key", .never,
      get: { Switch($0.demandsProfileKey) }, set: { $0.demandsProfileKey = $1 == .yes }),
    DialectVariant(
      "device-key",
      "Whether approval waits for the device's own key, which it registers 2 s after its identifier "
        + "was retrieved, or never", .never,
      get: { $0.deviceKey }, set: { $0.deviceKey = $1 }),
    DialectVariant(
      "device-online", "When a device comes online", .never,
      get: { $0.deviceOnline }, set: { $0.deviceOnline = $1 }),
    DialectVariant(
      "missing-holder",
      "What a request meets while no device that holds the data is online", .never,
      get: { $0.missingHolder }, set: { $0.missingHolder = $1 }),
    DialectVariant(
      "bare-policy", "What a policy without a voting configuration does", .never,
      get: { $0.bareRule }, set: { $0.bareRule = $1 }),
    DialectVariant(
      "poll-end", "When a poll ends", .never,
      get: { $0.pollEnd }, set: { $0.pollEnd = $1 }),
    DialectVariant(
      "percentage", "The voters that a strategy's percentage counts", .never,
      get: { $0.percentage }, set: { $0.percentage = $1 }),
    DialectVariant(
      "repeated-role", "What giving a role again meets", .never,
      get: { $0.repeatedRole }, set: { $0.repeatedRole = $1 }),
    DialectVariant(
      "same-name", "What a name meets that was given before", .never,
      get: { $0.sameName }, set: { $0.sameName = $1 }),
  ]
}
