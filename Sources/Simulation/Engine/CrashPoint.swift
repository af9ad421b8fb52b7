package import Operations

/// An instant at which the process that drives a run may end, between two of the things it does.
///
/// A crash before an input reaches the machine leaves the same behind as one after it, before anything
/// of it is recorded: that is one point.
package struct CrashPoint: Sendable, Hashable {
  /// What has happened last, and what not yet.
  package enum Place: Sendable, Hashable {
    /// An input came, and nothing that follows from it is recorded.
    case input
    /// Of the events of a commit the first ones are recorded, and the others are lost.
    case tear(kept: Int, of: Int)
    /// A commit is recorded, and nothing that it allows is done.
    case commit
    /// Something has left the process.
    case departure(Departure)
  }

  /// What leaves the process.
  package enum Departure: String, Sendable, Hashable {
    case request
    case text
    case connection
    case closing
    case localAction = "local-action"
    /// The answer to a request is of no more interest.
    case abandonment
  }

  /// Counts from 1 over the whole simulation.
  package let number: Int
  /// When it is.
  package let at: Moment
  /// What happened last.
  package let place: Place
  /// How many events are recorded.
  package let eventCount: Int
}

extension CrashPoint: CustomStringConvertible {
  /// Such as `point 17, after event 41: a request has left`.
  package var description: String {
    let after = eventCount == 0 ? "before the first event" : "after event \(eventCount - 1)"
    return "point \(number), \(after): \(place.phrase)"
  }
}

extension CrashPoint.Place {
  /// The place in a few words, such as `a request has left`.
  package var phrase: String {
    switch self {
    case .input: "an input came, and nothing of it is recorded"
    case .tear(let kept, let count): "\(kept) of \(count) events of a commit are recorded"
    case .commit: "a commit is recorded, and nothing was done"
    case .departure(.request): "a request has left"
    case .departure(.text): "a text has left on a socket"
    case .departure(.connection): "a socket is being opened"
    case .departure(.closing): "a socket is being closed"
    case .departure(.localAction): "a local action is done"
    case .departure(.abandonment): "a request was given up"
    }
  }
}

/// The end of the process that drives a run, as by SIGKILL; another one continues the run.
package struct Crash: Sendable, Hashable {
  /// The number of the point at which it happens.
  package var point: Int
  /// How long nobody drives the run.
  package var downtime: Duration

  /// A crash at the `point`th point; the run is continued after `downtime`.
  package init(point: Int, downtime: Duration) {
    self.point = point
    self.downtime = downtime
  }
}
