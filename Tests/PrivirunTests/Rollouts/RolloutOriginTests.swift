import Planning
import Rollouts
import Testing

@testable import privirun

/// What a rollout is made from, as its journal keeps it.
@Suite struct RolloutOriginTests {
  @Test func `a rollout is kept without what starts it`() throws {
    let written = "rollout: 1\nname: nightly\nplaybook: a.yaml\ntenants: b.csv\n"
    let file = written + "schedule: { cron: '0 3 * * *', timezone: Europe/Stockholm }\n"
    let definition = try RolloutFile.read(Array(file.utf8), file: "r.yaml")
    let origin = RolloutOrigin(
      definition: definition, inputs: GivenInputs(), literals: .refused)
    let kept = try #require(RolloutOrigin(text: origin.text))
    #expect(definition.schedule != nil)
    #expect(kept.definition.schedule == nil)
    #expect(kept.definition.text == written)
  }
}
