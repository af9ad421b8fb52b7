import EventSamples
import Events
import Expressions
import Operations
import Schedules
import Testing
import TimeZones

@testable import Reporting

/// Schedules, and what the ledger holds of them on Monday, 1 March 2027.
enum SampleSchedules {
  static func zone(_ name: String) throws -> TimeZoneRules {
    try #require(TimeZoneDatabase.system.rules(name), "the system knows no \(name)")
  }

  /// The instant that `text` means, RFC 3339.
  static func at(_ text: String) throws -> Moment {
    let stamp = try #require(Timestamp(rfc3339: text))
    return Moment(nanoseconds: stamp.seconds * 1_000_000_000 + Int64(stamp.nanoseconds))
  }

  static func cron(_ texts: String..., in zone: String) throws -> Schedule {
    Schedule(
      cron: try texts.map { try #require(CronExpression($0)) }, zone: try Self.zone(zone))
  }

  static func instant(_ text: String) throws -> ScheduledInstant {
    ScheduledInstant(text: text, moment: try at(text))
  }

  /// Noon in Stockholm.
  static var now: Moment {
    get throws { try at("2027-03-01T11:00:00Z") }
  }

  private static func state(_ name: String) throws -> ScheduleState {
    var state = ScheduleState(
      name: name, definition: "d", file: "/srv/rollouts/\(name).yaml",
      firstSeen: try at("2027-01-01T00:00:00Z"))
    state.version = 7
    state.decidedThrough = try at("2027-03-01T10:30:00Z")
    return state
  }

  static let rollout = SampleRun.drawn(7)

  /// One that is active.
  static var weekly: ListedSchedule {
    get throws {
      let ran = Tick(
        due: try at("2027-03-01T02:00:00Z"), .ran(SampleRun.drawn(8)),
        decidedAt: try at("2027-03-01T02:00:01Z"))
      return ListedSchedule(
        try state("weekly"), try cron("0 3 * * MON", in: "Europe/Stockholm"), latest: ran)
    }
  }

  /// One that a person paused, with a rollout in progress and an instant that waits for its end.
  static var paused: ListedSchedule {
    get throws {
      var state = try state("paused\u{7}")
      state.pause = SchedulePause(
        since: try at("2027-02-28T20:00:00Z"), cause: .person("anna", reason: "audit\u{1B}[2J"))
      state.current = ScheduledRollout(rollout, due: try at("2027-02-28T18:00:00Z"))
      state.queued = try at("2027-02-28T19:00:00Z")
      return ListedSchedule(
        state, Schedule(every: .seconds(3600)),
        latest: Tick(
          due: try at("2027-02-28T19:30:00Z"), through: try at("2027-03-01T10:00:00Z"), count: 15,
          .paused, decidedAt: try at("2027-03-01T10:00:00Z")), triggers: 2,
        wait: .approval(stage: 1, since: try at("2027-02-28T18:05:00Z")))
    }
  }

  /// One whose rollout is in progress, with instants that have no verdict.
  static var running: ListedSchedule {
    get throws {
      var state = try state("running")
      state.current = ScheduledRollout(nil, due: try at("2027-03-01T10:30:00Z"))
      var schedule = try cron("*/10 * * * *", in: "America/New_York")
      schedule.jitter = .seconds(300)
      schedule.window = .seconds(600)
      schedule.until = try instant("2027-12-31T00:00:00Z")
      return ListedSchedule(
        state, schedule,
        latest: Tick(
          due: try at("2027-03-01T10:30:00Z"), .failedToStart(reason: "the tenants file is gone"),
          decidedAt: try at("2027-03-01T10:30:02.5Z")))
    }
  }

  /// One whose file is not served, and whose rollout failed.
  static var unserved: ListedSchedule {
    get throws {
      var state = try state("unserved")
      state.isActive = false
      state.pause = SchedulePause(
        since: try at("2027-02-01T00:00:00Z"), cause: .failure(SampleRun.drawn(9)))
      return ListedSchedule(state, nil, triggers: 1)
    }
  }

  static var all: [ListedSchedule] {
    get throws { [try paused, try running, try unserved, try weekly] }
  }

  /// A tick of every verdict, newest first.
  static var ticks: [ListedTick] {
    get throws {
      let verdicts: [TickVerdict] = [
        .ran(rollout), .ran(nil), .caughtUp(rollout), .triggered(rollout, by: "bob\u{7}"),
        .skippedOverlap(rollout), .skippedOverlap(nil), .skippedWindow, .paused, .missed,
        .failedToStart(reason: "the tenants file `t.csv` is gone"),
        .failedToStart(reason: "the playbook `p.yaml` is gone", by: "anna"),
      ]
      let zone = try zone("Australia/Lord_Howe")
      let first = try at("2027-04-03T14:45:00Z")
      var ticks = verdicts.enumerated().map { index, verdict in
        let due = first + .seconds(index * 900)
        return ListedTick(
          Tick(due: due, verdict, decidedAt: due + .milliseconds(index * 1100)), of: "clocks",
          in: zone)
      }
      ticks.append(
        ListedTick(
          Tick(
            due: first, through: first + .seconds(86_400 * 30), count: 30, .missed,
            decidedAt: first + .seconds(86_400 * 30 + 7200)), of: "other"))
      return ticks.reversed()
    }
  }
}
