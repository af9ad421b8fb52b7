import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks
import Testing

@testable import Planning

/// The result of a call, as a person gives it after a doubt.
@Suite struct GivenResultTests {
  private static let operation = Operations.Operation(
    id: "pool.create", title: "", summary: "", section: "", routes: [], authorization: .none,
    encoding: .none, fields: [:],
    answer: [
      "poolId": AnswerField(.string, from: []), "size": AnswerField(.integer, from: []),
      "token": AnswerField(.string, from: [], isSensitive: true),
      "names": AnswerField(.list(of: .string), from: []),
    ], completion: .http, repetition: .unsafe, confidence: "", sources: [])

  @Test func `fields of the documented types are taken, and secret ones hidden`() throws {
    let result = try Self.operation.givenResult([
      "poolId": "p-17", "size": 3, "token": "t", "names": ["a"],
    ])
    #expect(result.names == ["poolId", "size", "token", "names"])
    #expect(result["poolId"] == "p-17" && result["size"] == 3 && result["names"] == ["a"])
    #expect(result["token"]?.isSecret == true)
    #expect(try Self.operation.givenResult(["poolId": .null]) == ["poolId": .null])
  }

  @Test(
    arguments: [
      (["poolId": 17], ["the result field `poolId` must be a string, not an integer"]),
      (["size": "3"], ["the result field `size` must be an integer, not a string"]),
      (["names": "a"], ["the result field `names` must be a list of strings, not a string"]),
      (["token": 5], ["the result field `token` must be a string, not an integer"]),
      (
        ["poolID": "p", "size": true],
        [
          "`pool.create` has no result field `poolID`",
          "the result field `size` must be an integer, not true or false",
        ]
      ),
    ] as [(ValueMap, [String])])
  func `everything that is wrong is reported`(fields: ValueMap, messages: [String]) {
    #expect {
      _ = try Self.operation.givenResult(fields)
    } throws: { error in
      (error as? InvalidInput)?.diagnostics.map(\.message) == messages
    }
  }
}
