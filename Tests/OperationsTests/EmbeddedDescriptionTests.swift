import Expressions
import Foundation
import Operations
import OrderedCollections
import Playbooks
import Testing

@Suite struct EmbeddedDescriptionTests {
  /// One operation of the contract.
  struct ContractOperation: Decodable {
    struct Field: Decodable {
      var place: String
      var required: Bool
      var allowed: [String]
    }

    var id: String
    var method: String
    var path: String
    var encoding: String
    var authorization: String
    var completion: String
    var confidence: String
    var fields: [String: Field]
  }

  private struct Contract: Decodable {
    var operations: [ContractOperation]
  }

  private static func contract() throws -> [ContractOperation] {
    let file = try #require(
      Bundle.module.url(forResource: "contract", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Contract.self, from: Data(contentsOf: file)).operations
  }

  @Test func `it holds the operations of the contract and no others`() throws {
    let contract = try Self.contract()
    #expect(contract.count == 68)
    #expect(Set(try Embedded.description().operations.keys) == Set(contract.map(\.id)))
  }

  @Test func `every operation is called as the contract says`() throws {
    for expected in try Self.contract() {
      let operation = try Embedded.operation(expected.id)
      let route = try #require(operation.routes.first)
      #expect(route.method == expected.method, "\(expected.id)")
      #expect(Self.address(of: route) == expected.path.prefix { $0 != "?" }, "\(expected.id)")
      #expect(Self.encodings[expected.encoding] == operation.encoding, "\(expected.id)")
      #expect(operation.completion.rawValue == expected.completion, "\(expected.id)")
      #expect(operation.confidence == expected.confidence, "\(expected.id)")
    }
  }

  @Test func `every operation proves who calls it as the contract says`() throws {
    for expected in try Self.contract() {
      let operation = try Embedded.operation(expected.id)
      let authorization: Operations.Operation.Authorization? =
        // A held token goes along with a poll (protocol.md, section 2).
        expected.id == "utility.request-command-id-status"
        ? .tokenIfAny : Self.authorizations[expected.authorization]
      #expect(operation.authorization == authorization, "\(expected.id)")
    }
  }

  @Test func `every field travels where the contract says and is required where it says`() throws {
    for expected in try Self.contract() {
      let operation = try Embedded.operation(expected.id)
      let sent = operation.fields.filter { ![.authorization, .local].contains($0.value.place) }
      #expect(Set(sent.keys) == Set(expected.fields.keys), "\(expected.id)")
      for (name, field) in expected.fields {
        #expect(sent[name]?.place.rawValue == field.place, "\(expected.id) \(name)")
        #expect(sent[name]?.isRequired == field.required, "\(expected.id) \(name)")
        #expect(sent[name]?.allowed == field.allowed, "\(expected.id) \(name)")
      }
    }
  }

  @Test func `every operation says what it is for, and every field what it holds`() throws {
    for operation in try Embedded.description().operations.values {
      #expect(!operation.title.isEmpty && operation.summary.hasSuffix("."), "\(operation.id)")
      #expect(!operation.section.isEmpty && !operation.sources.isEmpty, "\(operation.id)")
      for (name, field) in operation.fields {
        #expect(!field.summary.isEmpty, "\(operation.id) \(name)")
      }
      for (name, field) in operation.answer {
        #expect(!field.summary.isEmpty && !field.from.isEmpty, "\(operation.id) \(name)")
      }
    }
  }

  @Test func `names of answers are names that expressions can use`() throws {
    for operation in try Embedded.description().operations.values {
      for name in operation.answer.keys {
        #expect(name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil, "\(operation.id) \(name)")
      }
    }
  }

  @Test func `every credential is marked sensitive`() throws {
    let credentials = Set([
      "password", "currentPassword", "newPassword", "clientSecret", "accessToken",
      "authorization_code", "refresh_token", "auth", "key",
    ])
    for operation in try Embedded.description().operations.values {
      for (name, field) in operation.fields {
        #expect(field.isSensitive == credentials.contains(name), "\(operation.id) \(name)")
      }
    }
  }

  @Test func `what creates or removes something says which read shows it`() throws {
    for operation in try Embedded.description().operations.values
    where operation.repetition == .detectable {
      #expect(operation.lookup != nil, "\(operation.id)")
    }
  }

  @Test func `reads are safe to repeat`() throws {
    for operation in try Embedded.description().operations.values
    where operation.routes.first?.method == "GET" && operation.completion == .http {
      #expect(operation.repetition == .safe, "\(operation.id)")
    }
  }

  @Test func `it tells what goes over the socket`() throws {
    let document = try YAMLNode(
      parsing: APIDescription.embeddedBytes, file: "api.yaml", limits: .description)
    let socket = try #require(document["x-privirun"]?["websocket"]?.entries)
    #expect(
      socket.map(\.key) == [
        "websockets.establishing-connection", "websockets.join-channel",
        "websockets.leave-channel", "websockets.command-status-messages",
        "websockets.data-download-messages",
      ])
  }

  @Test func `what is embedded is the file in schemas`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "schemas/privicore-api.yaml")
    #expect(try Array(Data(contentsOf: file)) == APIDescription.embeddedBytes)
  }

  @Test func `the same document read twice gives the same description`() throws {
    let again = try APIDescription.embedded()
    #expect(again == (try Embedded.description()))
  }

  private static let encodings: [String: Operations.Operation.Encoding] = [
    "none": .none, "form": .form, "json": .json, "octet-stream": .octets,
  ]

  private static let authorizations: [String: Operations.Operation.Authorization] = [
    "none": .none, "authorization-token": .token,
    "basic base64(clientId:clientSecret)": .clientBasic, "basic raw access token": .accessToken,
    "stream auth in the query": .streamAuth,
  ]

  private static func address(of route: Operations.Operation.Route) -> String {
    switch route.endpoint {
    case .api: route.path
    case .upstream: "{upstream}\(route.path)"
    case .downstream: "{downstream}\(route.path)"
    case .url(let url): url
    }
  }
}
