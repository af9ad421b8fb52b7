import Events
import Expressions
import Operations

/// One call of an operation on its way.
struct CallState: Sendable {
  let operation: Operation
  let arguments: ValueMap
  let session: SessionID?
  /// Which of the operation's routes is used.
  var route: Int
  /// Whether the one replay after a 401 is spent (protocol.md §4).
  var hasReplayed = false
  /// How often requested data was asked for again because it did not come.
  var repeatedRequests = 0
  /// Whether bytes came that do not open under the step's key.
  var hasUnopenedPayload = false
  /// Why what came down so far is not the payload.
  var flaw: Failure?
  /// What an earlier route was answered, where that says more than a later route's 405.
  var earlierRefusal: EarlierRefusal?
  var phase = Phase.awaitingSession

  /// A 404 after which the next route was tried.
  struct EarlierRefusal: Sendable {
    let problem: AnswerProblem
    let status: Int
    let answer: Value
  }

  /// Exits: `awaitingSession` → `exchanging`; `exchanging` → `awaitingSession` (401),
  /// `exchanging` (next route), `awaitingCommand`, `awaitingData` or gone; the others → gone.
  enum Phase: Sendable {
    case awaitingSession
    case exchanging(RequestID, tokenGeneration: Int)
    case awaitingCommand(CommandWait)
    case awaitingData(DataWait)
  }

  /// Whether it has not left yet.
  var isAwaitingSession: Bool {
    if case .awaitingSession = phase { true } else { false }
  }
}

/// Waiting for the outcome of an accepted command.
struct CommandWait: Sendable {
  let commandID: String
  let acceptedAt: Moment
  /// What the HTTP response already contained.
  let fields: ValueMap
  /// Whether the id may be that of what was created: then a service that knows no such command has
  /// done what it should.
  var mayIdentifyCreated = false
  /// The poll in progress.
  var poll: RequestID?
  /// The pause before the next poll.
  var pollPause: Duration
  var hasReportedPending = false
  /// Why the latest poll gave no status.
  var pollProblem: String?
  /// Whether the one renewal of a token that refused polls may cause is spent; each accepted poll
  /// allows another.
  var hasRenewedToken = false
  /// Whether polls go without a token, because the service wants none of this session.
  var isTokenRefused = false
}

/// Waiting for the data requested under a request id.
struct DataWait: Sendable {
  let requestID: String
  /// The command behind the request, until it succeeded.
  var command: CommandWait?
  let fields: ValueMap
  /// The context that came with the message.
  var context: String?
  /// The download in progress.
  var download: RequestID?
  /// What to fetch again once the service says that the stream is ready.
  var source: DataSource?
  /// Why the latest download was refused, which may change when the stream is ready.
  var refusal: String?
  /// The service said so while a download was in progress, or before it said what to download.
  var isStreamReady = false
  /// The address that came with it.
  var streamAddress: Secret?
  /// The service said so at all.
  var wasReady = false
  /// Bytes of a payload that a message brought and that is being put into a file.
  var inlineCount = 0
}

/// Where requested data can be fetched.
enum DataSource: Sendable, Hashable {
  case address(Secret)
  /// A single-use value for the configured download server.
  case auth(Secret)
}

extension DataWait {
  /// What the download carried and nobody may see.
  var secrets: [Secret] {
    switch source {
    case .address(let secret)?, .auth(let secret)?: [secret]
    case nil: []
    }
  }
}
