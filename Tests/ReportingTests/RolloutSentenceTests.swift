import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Reporting

@Suite struct RolloutSentenceTests {
  private static let sentences = [
    "rollout 3x7v0n5k2p8q of rollouts/onboard.yaml: onboard-tenant for 20 tenants at "
      + "https://api.example.com:9009 (environment staging)",
    "stage 1 started: up to tenant 1",
    "globex: not started: the file `globex.secret` does not exist",
    "acme\u{1B}: not started: no password",
    "stage 1 succeeded",
    "waits until 2026-01-01T00:10:00.000000Z after stage 1",
    "the gate after stage 1 is open",
    "approval required to go on after stage 1",
    "after stage 1: approved by operator",
    "stage 2 started: up to tenant 20",
    "paused: no further tenant starts",
    "no longer paused",
    "stopping: 3 tenants failed, and the limit is 3",
    "rollout failed: 1 succeeded, 2 unchanged, 3 failed, 4 cancelled, 5 in doubt, 6 waiting, "
      + "7 running, 8 not started",
    "rollout resumed by process 4711 on build-3",
    "the gate after stage 2 is shut",
    "stopping: the gate after stage 2 is shut",
    "after stage 2: rejected: not this week",
    "stopping: not every tenant of stage 2 succeeded",
    "stopping: cancel requested",
    "stopping: the deadline has passed",
    "rollout succeeded: no tenants",
  ]

  @Test func `every event of a rollout has a sentence`() {
    let tree = RunTree([RunEvent]())
    let found = SampleRollout.events.map { event in
      let sentence = EventSentence(event, in: tree)
      return (sentence.subject.map { "\($0): " } ?? "") + sentence.text
    }
    #expect(found == Self.sentences)
  }

  @Test func `a step that waits for the vote of another tenant says so`() {
    let wait = WaitReason.voteSlot
    #expect(
      wait.text(at: SampleRun.beginning) == "waits for the vote of another tenant to end")
    #expect(
      wait.pastText(at: SampleRun.beginning) == "waited for the vote of another tenant to end")
  }
}
