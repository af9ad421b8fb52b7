import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Testing

@testable import Simulation

/// The parts of the watch, fed by hand: what no falsified machine shows easily.
struct WatchTests {
  private static let steps = """
      - id: loop
        for-each: [1, 2, 3, 4]
        concurrency: 2
        steps:
          - id: read
            call: profile.retrieve-profile-id
            timeout: 30s
            retry: { attempts: 2 }
            always:
              - { id: pause, wait: 1m }
      - parallel:
          left: [{ id: a, assert: ["true"] }]
          right: [{ id: b, wait: 2m }]
    """

  private static let plan = Result { try SimulatedPlaybook(steps).plan }

  private static func path(_ text: String) -> StepPath {
    StepPath(
      components: text.split(separator: "/").flatMap { part -> [StepPath.Component] in
        switch part {
        case "rescue": [.rescue]
        case "always": [.always]
        case let name where name.hasPrefix("["): [.iteration(Int(name.dropFirst().dropLast()) ?? 0)]
        case let name where name.hasPrefix("."): [.branch(String(name.dropFirst()))]
        case let name: [.step(String(name))]
        }
      })
  }

  private static func event(_ second: Int, _ kind: RunEvent.Kind) -> RunEvent {
    RunEvent(sequence: 0, at: SimulatedPlaybook.start + .seconds(second), kind: kind)
  }

  private static let summary = StepSummary(kind: .call, title: "step")

  @Test(arguments: [
    ("loop", "loop"), ("loop/[3]/read", "read"), ("loop/[0]/read/always/pause", "pause"),
    ("step-8/.left/a", "a"), ("step-8/.right/b", "b"), ("step-8/.middle/b", nil),
    ("loop/[0]/other", nil), ("loop/[0]/read/rescue/pause", nil),
  ])
  func `a step is found by its path`(_ path: String, _ id: String?) throws {
    var lookup = StepLookup(try Self.plan.get())
    #expect(lookup.step(at: Self.path(path))?.id == id)
    #expect(lookup.step(at: Self.path(path))?.id == id)
  }

  @Test func `more rounds at once than the loop allows are noticed`() throws {
    var watch = LimitWatch(RunSettings(), StepLookup(try Self.plan.get()))
    func start(_ round: Int) -> RunEvent {
      Self.event(0, .stepStarted(Self.path("loop/[\(round)]/read"), Self.summary))
    }
    func finish(_ round: Int) -> RunEvent {
      Self.event(
        0, .stepFinished(Self.path("loop/[\(round)]/read"), StepResult(outcome: .succeeded)))
    }
    for event in [start(0), start(1), finish(0), start(2), finish(1), finish(2), start(0)] {
      #expect(watch.objection(to: event) == nil)
    }
    #expect(watch.objection(to: start(1)) == nil)
    #expect(
      watch.objection(to: start(2)) == "3 rounds of `loop` are in progress at once, of 2")
  }

  @Test func `an attempt too many is noticed`() throws {
    var watch = LimitWatch(RunSettings(), StepLookup(try Self.plan.get()))
    let path = Self.path("loop/[0]/read")
    #expect(watch.objection(to: Self.event(0, .attemptStarted(path, attempt: 2))) == nil)
    #expect(
      watch.objection(to: Self.event(0, .attemptStarted(path, attempt: 3)))
        == "attempt 3 of `loop[0]/read` began, of 2")
  }

  /// The limit of the read is 30 s, and 21 s are left to a step that was stopped or slept.
  @Test func `a step that stays longer than its limit is noticed, unless its always runs`() throws {
    var watch = TimeWatch(RunSettings(), StepLookup(try Self.plan.get()))
    func objection(at second: Int) -> String? {
      watch.objection(at: SimulatedPlaybook.start + .seconds(second))
    }
    let path = Self.path("loop/[0]/read")
    watch.recorded(Self.event(0, .stepStarted(Self.path("loop"), Self.summary)))
    watch.recorded(Self.event(0, .stepStarted(path, Self.summary)))
    #expect(objection(at: 51) == nil)
    #expect(
      objection(at: 52)
        == "the step `loop[0]/read` should have come to an end by 2027-01-15T08:00:51.000000Z")
    watch.recorded(
      Self.event(52, .workEnded(path, WorkEnd(result: StepResult(outcome: .succeeded)))))
    #expect(objection(at: 500) == nil)
    watch.recorded(
      Self.event(60, .attemptFailed(path, attempt: 1, Failure(.network, "no"), pause: .seconds(5))))
    #expect(objection(at: 86) == nil)
    #expect(objection(at: 87) != nil)
    watch.resumed(at: SimulatedPlaybook.start + .seconds(100))
    #expect(objection(at: 121) == nil)
    #expect(objection(at: 122) != nil)
  }

  @Test func `a run in which nothing is in progress must end soon`() throws {
    var watch = TimeWatch(RunSettings(), StepLookup(try Self.plan.get()))
    let path = Self.path("loop")
    watch.recorded(Self.event(0, .stepStarted(path, Self.summary)))
    watch.recorded(Self.event(9, .stepFinished(path, StepResult(outcome: .succeeded))))
    #expect(watch.objection(at: SimulatedPlaybook.start + .seconds(69)) == nil)
    #expect(watch.objection(at: SimulatedPlaybook.start + .seconds(70)) != nil)
    watch.recorded(Self.event(70, .runFinished(RunResult(outcome: .succeeded))))
    #expect(watch.objection(at: SimulatedPlaybook.start + .seconds(700)) == nil)
  }

  @Test(arguments: [
    ("nothing of the kind", false), ("it is planted-password-1", true),
    ("planted-password", false), ("key \(String(repeating: "0a", count: 32))", true),
  ])
  func `a secret in the text of an event is noticed`(_ text: String, _ isFound: Bool) throws {
    let run = try #require(RunID("0123456789ab"))
    var watch = SecretWatch(of: try Self.plan.get(), in: run)
    watch.learn([Array("\(String(repeating: "0a", count: 32))\n".utf8), Array("short\n".utf8)])
    let event = Self.event(0, .internalError(text))
    #expect((watch.objection(to: event) != nil) == isFound)
  }
}
