import Diagnostics
import Operations
import Planning
import Testing

@Suite struct MissingRoleTests {
  @Test func `tokens that the API cannot revoke are not revoked`() throws {
    let text = String(decoding: APIDescription.embeddedBytes, as: UTF8.self)
    let role = "    revoke: profile.revoke-authorization-token\n"
    #expect(text.contains(role))
    let other = try APIDescription(
      parsing: Array(text.replacing(role, with: "").utf8), file: "api.yaml")
    let files = MemoryFiles([
      "a.yaml": """
      playbook: 1
      inputs: { password: { type: secret } }
      session: { username: a, password: "${{ inputs.password }}", revoke: true }
      steps: [{ call: profile.retrieve-profile-id }]
      """
    ])
    #expect(try files.check("a.yaml").warnings == [])
    let error = try #require(throws: InvalidInput.self) {
      try files.check("a.yaml", against: other)
    }
    #expect(error.diagnostics.map(\.code) == [.missingRole])
    #expect(
      error.diagnostics.map(\.message) == [
        "the description of the API names no operation that revokes a token"
      ])
  }
}
