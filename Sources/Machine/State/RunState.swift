package import Events
import Expressions
import Operations
package import Planning

/// The state of a run that must survive a crash: the fold of its events and nothing else.
///
/// Only `apply` changes it. What a crash may lose (sockets, tokens, timers, requests in flight) is
/// elsewhere, and built anew when the run is resumed.
package struct RunState: Sendable, Hashable {
  /// How far the run as a whole is.
  package enum Phase: Sendable, Hashable {
    case notStarted
    case running
    /// Asked to stop; what is in flight may still finish.
    case cancelling
    case finished(RunResult)
  }

  /// What the run carries out.
  package let plan: Plan
  /// The settings of the run, as its first event says.
  package private(set) var settings: RunSettings
  /// The run as a whole.
  package private(set) var overview = RunOverview()
  /// The latest pair of tokens of each application that had its tokens refreshed, by the access token
  /// that it was first given.
  private(set) var applications: [Secret: ApplicationTokens] = [:]
  /// What is known of things that requests create and remove.
  private(set) var sightings: Sightings
  /// The passwords that the run itself has set.
  private(set) var passwords: Passwords
  /// The profiles that the run itself has made.
  private(set) var newProfiles: NewProfiles
  private(set) var tree: StepTree

  /// How far the run as a whole is, after the latest event.
  package var phase: Phase {
    if let result = overview.result { return .finished(result) }
    if overview.cancel != nil { return .cancelling }
    return overview.start == nil ? .notStarted : .running
  }

  /// What the run was started with; nil before the first event.
  package var start: RunStart? { overview.start }

  /// The sequence number of the next event.
  package var nextSequence: Int { overview.nextSequence }

  /// Why the events so far cannot be those of a run; nil while they can.
  package var flaw: String? { tree.flaw }

  /// The paths of the steps in progress.
  package var stepsInProgress: Set<StepPath> { tree.pathsInProgress }

  /// How many scopes are kept for steps in progress or to come.
  package var scopeCount: Int { tree.scopes.count }

  /// The state before the first event.
  package init(of plan: Plan) {
    self.plan = plan
    tree = StepTree(zones: plan.zones)
    settings = RunSettings()
    sightings = Sightings(of: plan.api)
    passwords = Passwords(of: plan.api)
    newProfiles = NewProfiles(of: plan.api)
  }

  /// The state after `events`, from the very first.
  package init(of plan: Plan, after events: some Sequence<RunEvent>) {
    self.init(of: plan, after: events, reopenedBy: nil)
  }

  /// The state after `events` of a run that is over and about to be reopened; nil for one that is not.
  init(of plan: Plan, after events: some Sequence<RunEvent>, reopenedBy reopening: Reopening?) {
    self.init(of: plan)
    for event in events {
      overview.apply(event)
      note(event)
    }
    var counted = CountedEvents(events)
    if let reopening { counted.takeBack(reopening) }
    tree.keptGroups = counted.retried
    for event in counted.events { _ = advance(by: event) }
  }

  /// Applies one event; not one that reopens a run, which takes all events anew.
  package mutating func apply(_ event: RunEvent) {
    _ = evolve(event)
  }

  /// Applies one event and returns what may begin or must end because of it.
  mutating func evolve(_ event: RunEvent) -> [Consequence] {
    overview.apply(event)
    note(event)
    return advance(by: event)
  }

  /// Applies an event to what the steps in progress are part of.
  private mutating func advance(by event: RunEvent) -> [Consequence] {
    sightings.apply(event, in: tree)
    passwords.apply(event, in: tree)
    newProfiles.apply(event, in: tree)
    return tree.apply(event, of: plan, within: settings)
  }

  private mutating func note(_ event: RunEvent) {
    switch event.kind {
    case .runStarted(let start): settings = RunSettings(recorded: start.settings)
    case .sessionChanged(_, .refreshed(let tokens)):
      if let pair = ApplicationTokens(tokens) { applications[pair.original] = pair }
    case _: break
    }
  }
}
