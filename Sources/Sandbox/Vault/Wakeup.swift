import HeapModule
import Operations

/// Something that is due at an instant; what is due at the same one goes in the order it was set.
struct Wakeup: Sendable, Comparable, Codable {
  enum Kind: Sendable, Codable {
    /// A command is to be decided.
    case command(CommandID)
    /// An authenticator answers its ballot of that attempt.
    case vote(PollID, attempt: Int, DeviceID)
    /// An attempt of a poll reaches its time limit.
    case closing(PollID, attempt: Int)
    /// A reservation reaches the end of its life.
    case reservation(ReservationID)
    /// A message reaches the channel of a profile.
    case message(String, ProfileID)
  }

  let at: Moment
  /// Counts up over the vault's life.
  let order: Int
  let kind: Kind

  static func < (left: Wakeup, right: Wakeup) -> Bool {
    (left.at, left.order) < (right.at, right.order)
  }

  static func == (left: Wakeup, right: Wakeup) -> Bool {
    left.order == right.order
  }
}

/// Wakeups, of which the next one is at hand; in the state file they are a list.
struct WakeupQueue: Sendable {
  private var wakeups = Heap<Wakeup>()

  var next: Wakeup? { wakeups.min }
  var count: Int { wakeups.count }

  mutating func insert(_ wakeup: Wakeup) {
    wakeups.insert(wakeup)
  }

  /// Takes the next one away; there is one.
  mutating func removeNext() {
    wakeups.removeMin()
  }
}

extension WakeupQueue: Codable {
  init(from decoder: any Decoder) throws {
    wakeups = Heap(try decoder.singleValueContainer().decode([Wakeup].self))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wakeups.unordered)
  }
}
