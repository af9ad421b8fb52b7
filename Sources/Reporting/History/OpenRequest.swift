import Events
import Operations
import OrderedCollections

/// What is unknown of a request that was in flight when the record of its run ended.
struct OpenRequest: Sendable, Hashable {
  /// What nobody knows.
  enum Unknown: String, Sendable, Hashable {
    /// Whether the request had its effect.
    case effect
    /// How its command ended.
    case outcome
    /// What the response of a request is that does no harm when it is sent again.
    case response
  }

  let unknown: Unknown
  /// When the request, or the response with its command, was recorded.
  let since: Moment
  /// The command that was accepted; nil where none is known.
  let commandID: String?
  /// The operation that shows whether the request had its effect; nil where none does.
  let read: String?
  private let path: StepPath

  /// What is unknown of the latest request of `node`; nil when all is known, or nothing was in flight.
  ///
  /// Without `api`, no request counts as one that may be sent again.
  init?(of node: StepNode, _ api: APIDescription?) {
    guard node.result == nil, node.summary?.kind == .call, let progress = node.progress,
      progress.pause == nil, !(progress.doubt?.isDone ?? false),
      let exchange = progress.exchange, exchange.verdict == nil
    else { return nil }
    path = node.path
    let operation = api?.operations[exchange.intent.operation]
    let isRepeatable = operation?.repetition.isRepeatable ?? false
    if let answer = exchange.answer {
      // What was refused had no effect.
      guard !(400..<500).contains(answer.status), !isRepeatable || answer.commandID != nil else {
        return nil
      }
      unknown = answer.commandID == nil ? .effect : .outcome
      since = exchange.answeredAt ?? exchange.intendedAt
      commandID = answer.commandID
    } else {
      unknown = isRepeatable ? .response : .effect
      since = exchange.intendedAt
      commandID = nil
    }
    read = unknown == .effect ? operation.flatMap { Self.read(for: $0, in: api) } : nil
  }

  private static func read(for operation: Operation, in api: APIDescription?) -> String? {
    guard let lookup = operation.lookup, let read = api?.operations[lookup.operation],
      lookup.suffices(for: read)
    else { return nil }
    return read.id
  }

  /// Such as `whether the request had its effect, since 2026-01-01T00:00:00.000000Z`.
  var text: String {
    let what =
      switch unknown {
      case .effect: "whether the request had its effect"
      case .outcome: "the outcome of command \(commandID ?? "")"
      case .response: "the response"
      }
    return "\(what), since \(since.text)"
  }

  /// What finds it out; `commands` is nil for a run that cannot be continued.
  func next(_ commands: RunCommands?) -> String {
    guard let commands else {
      return read.map { "look with `\($0)`" } ?? "look at the service"
    }
    switch unknown {
    case .outcome: return "`\(commands.resume)` requests it"
    case .response: return "`\(commands.resume)` sends the request again, which does no harm"
    case .effect:
      guard read == nil else { return "`\(commands.resolve)` looks with `\(read ?? "")`" }
      return "no read shows it: look at the service, then run "
        + "`\(commands.assume(path, isReadable: false))`, or the same with not-done"
    }
  }

  /// The form for programs.
  var json: EncodedJSON {
    .object([
      "of": .text(unknown.rawValue), "since": .instant(since),
      "commandId": commandID.map(EncodedJSON.text), "lookup": read.map(EncodedJSON.text),
    ])
  }
}
