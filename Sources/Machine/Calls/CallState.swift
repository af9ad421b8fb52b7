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
  var payload = PayloadDoubts()
  var recording: Recording
  /// What an earlier route was answered, where that says more than a later route's 405.
  var earlierRefusal: RefusedRequest?
  var phase = Phase.awaitingSession

  init(
    _ operation: Operation, _ arguments: ValueMap, in session: SessionID?, by route: Int,
    recording: Recording
  ) {
    self.operation = operation
    self.arguments = arguments
    self.session = session
    self.route = route
    self.recording = recording
  }

  /// Which of its requests are recorded, with their answers.
  enum Recording: Sendable, Hashable {
    case every
    /// A read that is no work of the step.
    case nothing
    /// Of many reads the first.
    case first(hasRequest: Bool = false, hasAnswer: Bool = false)

    /// Whether the next request is recorded; notes that it is.
    mutating func takeRequest() -> Bool {
      switch self {
      case .every: return true
      case .nothing: return false
      case .first(let hasRequest, let hasAnswer):
        self = .first(hasRequest: true, hasAnswer: hasAnswer)
        return !hasRequest
      }
    }

    /// Whether the next answer is recorded; notes that it is.
    mutating func takeAnswer() -> Bool {
      switch self {
      case .every: return true
      case .nothing: return false
      case .first(let hasRequest, let hasAnswer):
        self = .first(hasRequest: hasRequest, hasAnswer: true)
        return !hasAnswer
      }
    }
  }

  /// Why nothing of what came so far is the payload.
  struct PayloadDoubts: Sendable {
    /// Whether bytes came that do not open under the step's key.
    var hasUnopened = false
    /// What was wrong with what came down.
    var flaw: Failure?
  }

  /// What a refused request was answered.
  struct RefusedRequest: Sendable {
    let problem: AnswerProblem
    let status: Int
    let answer: Value
  }

  /// Exits: `awaitingSession` → `exchanging`; `exchanging` → `awaitingSession` (401),
  /// `exchanging` (next route), `awaitingCommand`, `awaitingData` or `over`; the others → `over`.
  enum Phase: Sendable {
    case awaitingSession
    case exchanging(RequestID, tokenGeneration: Int)
    case awaitingCommand(CommandWait)
    case awaitingData(DataWait)
    /// Nothing is outstanding any more; its end is on the agenda.
    case over
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
  /// Whether it was accepted before the run was interrupted: the service may have forgotten it since.
  var isResumed = false
  var hasReportedPending = false
  var polling: Polling

  /// How its status is polled.
  struct Polling: Sendable {
    /// The poll in progress.
    var request: RequestID?
    /// The pause before the next poll.
    var pause: Duration
    /// Why the latest poll gave no status.
    var problem: String?
    /// Whether the one renewal of a token that refused polls may cause is spent; each accepted poll
    /// allows another.
    var hasRenewedToken = false
    /// Whether polls go without a token, because the service wants none of this session.
    var isTokenRefused = false

    init(pause: Duration) {
      self.pause = pause
    }
  }
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
  var stream = Stream()
  /// Bytes of a payload that a message brought and that is being put into a file.
  var inlineCount = 0
}

extension DataWait {
  /// What the service said of the stream that holds the data.
  struct Stream: Sendable {
    /// It is ready, as was said while a download was in progress or before its address was known.
    var isReady = false
    /// The address that came with that.
    var address: Secret?
    /// It was ever said to be ready.
    var wasReady = false
  }
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

extension CallState {
  /// What the service may have done by now.
  var effect: WorkFailure.Effect {
    switch phase {
    case .awaitingSession: .none
    case .exchanging, .awaitingCommand, .awaitingData, .over: .possible
    }
  }

  /// The command it waits for, be it its own or the one behind requested data.
  var commandWait: CommandWait? {
    switch phase {
    case .awaitingCommand(let wait): wait
    case .awaitingData(let wait): wait.command
    case .awaitingSession, .exchanging, .over: nil
    }
  }

  var dataWait: DataWait? {
    guard case .awaitingData(let wait) = phase else { return nil }
    return wait
  }
}
