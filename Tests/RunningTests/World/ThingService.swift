import Expressions
import Machine
import Synchronization

/// A thing of the scripted service.
struct Thing: Hashable {
  var id: String
  var name: String
  var size: Int64 = 0
  var state = "on"
}

/// A service that keeps things in a list, which shows what it was so many reads before.
final class ThingService: Sendable {
  fileprivate struct State {
    var things: [Thing]
    var shown: [[Thing]] = []
    var lag: Int
    var refuses: Set<String> = []
    var losesFirst: Set<String> = []
    var dropsFirst: Set<String> = []
    var alsoMakes: Thing?
    var failsReads: ClosedRange<Int>?
    var nextID = 1
  }

  private let state: Mutex<State>

  init(_ things: [Thing] = [], lag: Int = 0) {
    state = Mutex(State(things: things, lag: lag))
  }

  var things: [Thing] { state.withLock { $0.things } }
  var refuses: Set<String> {
    get { state.withLock { $0.refuses } }
    set { state.withLock { $0.refuses = newValue } }
  }
  var losesFirst: Set<String> {
    get { state.withLock { $0.losesFirst } }
    set { state.withLock { $0.losesFirst = newValue } }
  }
  var dropsFirst: Set<String> {
    get { state.withLock { $0.dropsFirst } }
    set { state.withLock { $0.dropsFirst = newValue } }
  }
  var alsoMakes: Thing? {
    get { state.withLock { $0.alsoMakes } }
    set { state.withLock { $0.alsoMakes = newValue } }
  }

  /// Which reads fail, counted from 1.
  var failsReads: ClosedRange<Int>? {
    get { state.withLock { $0.failsReads } }
    set { state.withLock { $0.failsReads = newValue } }
  }

  func add(_ thing: Thing) { state.withLock { $0.things.append(thing) } }

  /// The answer to a request such as `POST /build`.
  func reply(_ what: String, _ count: Int, _ body: String) -> World.Reply? {
    state.withLock { $0.reply(what, count, body) }
  }
}

extension ThingService.State {
  fileprivate mutating func reply(_ what: String, _ count: Int, _ body: String) -> World.Reply? {
    if what == "GET /things", failsReads?.contains(count) ?? false { return .answer(503, "{}") }
    if what == "GET /things" { return .ok(listing(), after: .milliseconds(10)) }
    guard what.hasPrefix("POST /"), what != "POST /login" else { return nil }
    let operation = String(what.dropFirst(6))
    if dropsFirst.contains(operation), count == 1 {
      return .failure(.broken, mayHaveBeenSent: true)
    }
    if let other = alsoMakes {
      things.append(other)
      alsoMakes = nil
    }
    if refuses.contains(operation) { return .answer(422, #"{"message":"refused"}"#) }
    guard let fields = try? JSON.parse(Array(body.utf8)), case .map(let fields) = fields else {
      return nil
    }
    act(operation, fields)
    if losesFirst.contains(operation), count == 1 {
      return .failure(.broken, mayHaveBeenSent: true)
    }
    return .ok(#"{"receipt":"r"}"#, after: .milliseconds(10))
  }

  private mutating func act(_ operation: String, _ fields: ValueMap) {
    let id = fields["id"]?.displayText
    switch operation {
    case "build", "twin", "kin", "fixed", "firm":
      var thing = Thing(id: "\(nextID)", name: fields["name"]?.displayText ?? "")
      if case .int(let size)? = fields["size"] { thing.size = size }
      nextID += 1
      things.append(thing)
    case "resize", "allow", "mark":
      for index in things.indices where things[index].id == id {
        if case .int(let size)? = fields["size"] { things[index].size = size }
        if operation == "allow" { things[index].state = "on" }
      }
    case "drop": things.removeAll { $0.id == id }
    case _: break
    }
  }

  private mutating func listing() -> String {
    shown.append(things)
    let seen = lag < shown.count ? shown[shown.count - 1 - lag] : shown[0]
    let rows = seen.map { thing in
      #"{"name":"\#(thing.name)","id":"\#(thing.id)","size":\#(thing.size),"state":"\#(thing.state)"}"#
    }
    return "[\(rows.joined(separator: ","))]"
  }
}
