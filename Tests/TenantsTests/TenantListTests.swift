import Diagnostics
import Planning
import Playbooks
import Tenants
import Testing

/// The normalised text of tenants.
@Suite struct TenantListTests {
  private static func place(_ line: Int, _ column: Int, _ length: Int) -> Diagnostics.SourceLocation
  {
    Diagnostics.SourceLocation(file: "a.csv", line: line, column: column, length: length)
  }

  private static let tenants = [
    Tenant(
      name: "a\"\\ü\u{7}", labels: [RunLabelText(name: "tier", value: "gold \"1\"")],
      cells: [
        TenantCell("region", InputCell("eu", .plain, at: place(2, 6, 2))),
        TenantCell("tags", InputCell("[\"a\",\n\"b\"]", .quoted, at: place(2, 9, 7))),
      ], location: place(2, 1, 4)),
    Tenant(name: "b", location: place(4, 1, 1)),
    Tenant(
      name: "c",
      cells: [
        TenantCell(
          "limits",
          InputCell(
            YAMLNode(
              content: .mapping([
                YAMLNode.Entry(
                  key: "a", keyLocation: place(5, 3, 1),
                  value: YAMLNode(
                    content: .sequence([
                      YAMLNode(content: .scalar("0x10", .plain), location: place(5, 3, 1)),
                      YAMLNode(content: .scalar("0x10", .doubleQuoted), location: place(5, 3, 1)),
                    ]), location: place(5, 3, 1)))
              ]), location: place(5, 3, 1))))
      ], location: place(5, 1, 1)),
  ]

  private static let text = #"""
    {"tenants":1,"file":"a.csv"}
    {"name":"a\"\\ü\u0007","at":[2,1,4],"labels":{"tier":"gold \"1\""},"inputs":{"region":[2,6,2,"eu"],"tags":[2,9,7,{"quoted":"[\"a\",\n\"b\"]"}]}}
    {"name":"b","at":[4,1,1],"inputs":{}}
    {"name":"c","at":[5,1,1],"inputs":{"limits":[5,3,1,{"node":{"map":{"a":[{"plain":"0x10"},"0x10"]}}}]}}

    """#

  @Test func `a list is the same after its text is read again`() throws {
    var builder = TenantList.Builder(file: "a.csv")
    for tenant in Self.tenants { builder.add(tenant) }
    let list = builder.build()
    #expect(String(decoding: list.text, as: UTF8.self) == Self.text)
    let again = try TenantList(text: list.text)
    #expect(again.count == 3)
    #expect(again.file == "a.csv")
    #expect(try (0..<3).map { try again[$0] } == Self.tenants)
    #expect(Array(again.names) == ["a\"\\ü\u{7}", "b", "c"])
  }

  @Test func `a list may be empty`() throws {
    let list = TenantList.Builder(file: "a.csv").build()
    #expect(try TenantList(text: list.text).count == 0)
    #expect(Array(list.names) == [])
  }

  @Test(arguments: [
    "", "\n", "{}\n", "{\"tenants\":2,\"file\":\"a.csv\"}\n", "{\"tenants\":1,\"file\":\"a.csv\"}",
    "{\"tenants\":1,\"file\":\"a.csv\"}\n{\"nam\":1}\n",
    "{\"tenants\":1,\"file\":\"a.csv\"}\n{\"name\":\"a\"}",
  ])
  func `a text that is no list is refused`(_ text: String) {
    #expect(throws: InvalidInput.self) { try TenantList(text: Array(text.utf8)) }
  }

  @Test func `a line that is no tenant is refused when it is read`() throws {
    let list = try TenantList(
      text: Array("{\"tenants\":1,\"file\":\"a.csv\"}\n{\"name\":\"a\",\"at\":[1]}\n".utf8))
    let error = #expect(throws: InvalidInput.self) { try list[0] }
    #expect(
      error?.diagnostics.map(\.message)
        == ["the list of tenants cannot be read: line 2 is no tenant"])
  }
}
