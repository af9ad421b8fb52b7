import Foundation
import Testing

@Suite("State of a sandbox", .timeLimit(.minutes(20)))
struct SandboxStateTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a state file that cannot be read is reported with what to do, and left as it is`()
    async throws
  {
    try folder.write(#"{"format":7}"#, to: "state.json")
    let ended = try await Program.run("sandbox", "--state", "state.json", in: folder.path)
    #expect(
      ended
        == Ended(
          status: 2,
          errors: """
            privirun: The state file state.json was written by a later version (form 7); it is left \
            as it is.
              hint: name another file, or move this one away

            """))
  }
}
