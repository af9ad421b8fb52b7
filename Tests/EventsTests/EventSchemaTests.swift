import EventSamples
import Events
import Foundation
import Testing

@Suite struct EventSchemaTests {
  private static func schema() throws -> SchemaCheck {
    try SchemaCheck(named: "event.schema.json")
  }

  private static let all = SampleRun.all + SampleRollout.events

  private static func object(_ event: RunEvent) throws -> [String: Any] {
    let line = EncodedEvent(event, of: SampleRun.run).line
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
    return try #require(object as? [String: Any])
  }

  @Test func `every event of the samples fits the schema`() throws {
    let schema = try Self.schema()
    for event in Self.all {
      #expect(schema.complaints(about: try Self.object(event)) == [], "event \(event.sequence)")
    }
  }

  @Test func `the samples have an event of every type the schema knows`() throws {
    let types = try Self.all.map {
      try #require(Self.object($0)["type"] as? String)
    }
    #expect(Set(types) == Set(try Self.schema().eventTypes))
  }

  @Test(arguments: [
    SessionChange.authenticated, .joined, .lost(reason: "gone"), .closed, .revoked, .refreshing,
    .notRevoked(reason: "HTTP 503"),
  ])
  func `every state of a session fits the schema`(change: SessionChange) throws {
    let event = RunEvent(
      sequence: 1, at: SampleRun.beginning, kind: .sessionChanged(username: "a", change))
    #expect(try Self.schema().complaints(about: Self.object(event)) == [])
  }

  @Test func `every member that the schema lets be absent is there at least once`() throws {
    let schema = try Self.schema()
    var seen: [String: Set<String>] = [:]
    for event in Self.all {
      let object = try Self.object(event)
      seen[try #require(object["type"] as? String), default: []].formUnion(object.keys)
    }
    for type in schema.eventTypes {
      // These two are only in the output of a rollout.
      let known = schema.properties(ofType: type).subtracting(["rollout", "tenantName"])
      #expect(known == seen[type], "\(type)")
    }
  }

  @Test(arguments: ["extra", "missing", "wrong"])
  func `a wrong event does not fit`(fault: String) throws {
    var object = try Self.object(SampleRun.events[0])
    switch fault {
    case "extra": object["extra"] = 1
    case "missing": object["playbook"] = nil
    case _: object["sequence"] = "0"
    }
    #expect(try Self.schema().complaints(about: object) != [])
  }
}
