import Expressions
import Operations
import Playbooks
import Testing

@Suite struct ListAnswerTests {
  @Test(arguments: [
    #"[{"deviceIdentifier":"a","name":"n"},{"deviceIdentifier":"b"}]"#,
    #"{"items":[{"deviceIdentifier":"a","name":"n"},{"deviceIdentifier":"b"}],"meta":{"count":2}}"#,
    #"{"data":[{"deviceIdentifier":"a","name":"n"},{"deviceIdentifier":"b"}]}"#,
  ])
  func `a list is read in every shape`(body: String) throws {
    let read = try Embedded.read("device.retrieve-profile-devices", body)
    #expect(
      read.fields == [
        "devices": [["deviceIdentifier": "a", "name": "n"], ["deviceIdentifier": "b"]]
      ])
  }

  @Test func `the keys of an object become ids, in their order`() throws {
    let read = try Embedded.read(
      "storage.list-storage-devices", #"{"z":{"name":"n"},"a":{"id":"own"}}"#)
    #expect(
      read.fields == [
        "devices": [
          ["name": "n", "id": "z", "deviceIdentifier": "z"],
          ["id": "own", "deviceIdentifier": "own"],
        ]
      ])
  }

  @Test(arguments: [
    "deviceId", "device-identifier", "device_unique_identifier", "deviceUniqueIdentifier", "id",
  ])
  func `every spelling of a device's id is known`(spelling: String) throws {
    let read = try Embedded.read(
      "device.retrieve-profile-devices", #"[{"\#(spelling)":"d","state":"pending"}]"#)
    #expect(
      read.fields["devices"]
        == .list([
          .map([
            spelling: "d", "state": "pending", "deviceIdentifier": "d", "status": "pending",
          ])
        ]))
  }

  @Test func `bare ids become records`() throws {
    let read = try Embedded.read("storage.list-storage-devices", #"["a","b"]"#)
    #expect(read.fields == ["devices": [["deviceIdentifier": "a"], ["deviceIdentifier": "b"]]])
  }

  @Test func `nested metadata is reached by its flat names too`() throws {
    let meta: Value = ["file": ["fileName": "f.txt", "size": 3]]
    let read = try Embedded.read(
      "data-token.list-data-tokens",
      #"{"items":[{"token":"t","context":"c","meta":{"file":{"fileName":"f.txt","size":3}}}]}"#)
    #expect(
      read.fields == [
        "tokens": [
          ["token": "t", "context": "c", "meta": meta, "fileName": "f.txt", "size": 3]
        ]
      ])
  }

  @Test(arguments: ["[]", "{}", #"{"items":[],"meta":{"count":0}}"#])
  func `an empty list is a list`(body: String) throws {
    let read = try Embedded.read("policy.list-active-policies", body)
    #expect(read.verdict == .done)
    #expect(read.fields == ["policies": []])
  }

  @Test(arguments: [#"{"message":"hello"}"#, "null", "7", "\"text\""])
  func `what is no list in any shape is not taken for one`(body: String) throws {
    let read = try Embedded.read("policy.list-active-policies", body)
    guard case .problem(let problem) = read.verdict else {
      Issue.record("accepted \(body)")
      return
    }
    #expect(problem.kind == .malformed)
    #expect(problem.message.contains("`policies`"))
  }

  private static let templates: Value = [
    [
      "id": "t1", "name": "Vote", "description": "Asks",
      "events": [
        ["id": "7", "name": "data_token.request_data", "label": "Retrieve data"],
        ["id": "8", "name": "data_token.delete_data", "label": "Delete data"],
      ],
    ]
  ]

  @Test(arguments: [
    #"{"t1":{"name":"Vote","description":"Asks","events":{"7":{"data_token.request_data":"Retrieve data"},"8":{"data_token.delete_data":"Delete data"}}}}"#,
    #"[{"template-identifier":"t1","name":"Vote","description":"Asks","events":{"7":{"data_token.request_data":"Retrieve data"},"8":{"data_token.delete_data":"Delete data"}}}]"#,
    #"{"items":[{"id":"t1","name":"Vote","description":"Asks","events":[{"id":7,"name":"data_token.request_data","label":"Retrieve data"},{"id":8,"name":"data_token.delete_data","label":"Delete data"}]}]}"#,
    #"[{"id":"t1","name":"Vote","description":"Asks","events":{"7":{"name":"data_token.request_data","label":"Retrieve data"},"8":{"name":"data_token.delete_data","label":"Delete data"}}}]"#,
  ])
  func `templates come out alike from every shape`(body: String) throws {
    let read = try Embedded.read("policy.list-policy-templates", body)
    let found = try #require(read.fields["templates"])
    guard case .list(let records) = found, let record = records.first?.fields else {
      Issue.record("no list")
      return
    }
    var core: ValueMap = [:]
    for name in ["id", "name", "description", "events"] { core[name] = record[name] }
    #expect(.list([.map(core)]) == Self.templates)
  }

  @Test(arguments: [
    (#"{"data_token.data_exchanged":3}"#, "3", "data_token.data_exchanged"),
    (#"{"data_token.data_exchanged":"uuid"}"#, "uuid", "data_token.data_exchanged"),
    (#"["data_token.data_exchanged"]"#, "data_token.data_exchanged", "data_token.data_exchanged"),
    (#"[{"event-identifier":"e","event-name":"n"}]"#, "e", "n"),
    (#"[{"n":"n"}]"#, "n", "n"), (#"{"e":null}"#, "e", "e"),
  ])
  func `events are read in either direction`(events: String, id: String, name: String) throws {
    let read = try Embedded.read(
      "policy.list-policy-templates", #"{"t":{"name":"x","events":\#(events)}}"#)
    #expect(
      read.fields["templates"] == [
        [
          "name": "x", "id": "t", "description": .null,
          "events": [["id": .string(id), "name": .string(name), "label": .string(name)]],
        ]
      ])
  }
}
