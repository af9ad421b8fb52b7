import Expressions
import Foundation
import Operations
import OrderedCollections
import Playbooks
import Testing

/// The embedded description says what the contract says, so that neither drifts.
@Suite struct ContractTests {
  /// Where the description departs from the contract, and why.
  private static let deviations: [String: String] = [
    "data-token.upstream-file-via-stream-auth body required": "a file may be given in its place",
    "utility.request-command-id-status authorization":
      "a held token goes along with a poll (protocol.md, section 2)",
    "verified-authenticator.set-quorum-strategy strategy_params type":
      "a share of 0 to 100: an integer is checked before anything is sent",
  ]

  private static func differs(_ what: String) -> Bool { deviations[what] == nil }

  @Test func `it holds the entries of the contract and no others`() throws {
    let contract = try Contract.read()
    let description = try Embedded.description()
    #expect(contract.operations.count == 68)
    #expect(Set(description.operations.keys) == Set(contract.operations.map(\.id)))
    #expect(Array(description.socketEntries.keys) == contract.socketEntries.map(\.id))
    #expect(contract.socketEntries.count == 5)
  }

  @Test func `every operation is called as the contract says`() throws {
    for expected in try Contract.read().operations {
      let operation = try Embedded.operation(expected.id)
      let route = try #require(operation.routes.first)
      #expect(operation.title == expected.title)
      #expect(operation.section == expected.section, "\(expected.id)")
      #expect(route.method == expected.method, "\(expected.id)")
      #expect(Self.address(of: route) == expected.path.prefix { $0 != "?" }, "\(expected.id)")
      #expect(Self.encodings[expected.encoding] == operation.encoding, "\(expected.id)")
      #expect(operation.completion.rawValue == expected.completion, "\(expected.id)")
      #expect(operation.confidence == expected.confidence, "\(expected.id)")
    }
  }

  @Test func `every operation proves who calls it as the contract says`() throws {
    for expected in try Contract.read().operations
    where Self.differs("\(expected.id) authorization") {
      let operation = try Embedded.operation(expected.id)
      #expect(operation.authorization == Self.authorizations[expected.authorization])
    }
  }

  @Test func `every field is what the contract says`() throws {
    for expected in try Contract.read().operations {
      let operation = try Embedded.operation(expected.id)
      let sent = operation.fields.filter { ![.authorization, .local].contains($0.value.place) }
      #expect(Set(sent.keys) == Set(expected.fields.keys), "\(expected.id)")
      for (name, field) in expected.fields {
        let own = try #require(sent[name], "\(expected.id) \(name)")
        let about = "\(expected.id) \(name)"
        #expect(own.place.rawValue == field.place, "\(about)")
        if Self.differs("\(about) required") {
          #expect(own.isRequired == field.required, "\(about)")
        }
        #expect(own.schema.allowed.map(\.displayText) == field.allowed, "\(about)")
        if Self.differs("\(about) type") {
          #expect(own.type.word == field.type, "\(about)")
        }
        let spellings = Set(own.alsoSentAs + own.alsoKnownAs)
        #expect(spellings.isSuperset(of: field.aliases), "\(about)")
      }
    }
  }

  @Test func `every status the contract names has a meaning`() throws {
    for expected in try Contract.read().operations {
      let operation = try Embedded.operation(expected.id)
      #expect(Set(operation.errors.map(\.status)).isSuperset(of: expected.errors), "\(expected.id)")
      #expect(operation.errors.allSatisfy { !$0.meaning.isEmpty }, "\(expected.id)")
    }
  }

  @Test func `what is accepted first says why it may be refused later`() throws {
    for operation in try Embedded.description().operations.values {
      switch operation.completion {
      case .commandStatus, .requestID: #expect(!operation.rejections.isEmpty, "\(operation.id)")
      case .http, .stream: continue
      }
    }
  }

  @Test func `every member of an answer is where an answer field looks for it`() throws {
    for expected in try Contract.read().operations {
      let operation = try Embedded.operation(expected.id)
      let sources = operation.answer.values.flatMap(\.from)
      for name in expected.answer {
        #expect(sources.contains(.name(name)), "\(expected.id) \(name)")
      }
    }
  }

  @Test func `every source of the contract is named`() throws {
    for expected in try Contract.read().operations {
      let sources = Set(try Embedded.operation(expected.id).sources)
      #expect(sources.isSuperset(of: Self.sources(of: expected)), "\(expected.id)")
    }
    for expected in try Contract.read().socketEntries {
      let entry = try #require(try Embedded.description().socketEntries[expected.id])
      #expect(Set(entry.sources).isSuperset(of: Self.sources(of: expected)), "\(expected.id)")
    }
  }

  @Test func `every socket entry is what the contract says`() throws {
    for expected in try Contract.read().socketEntries {
      let entry = try #require(try Embedded.description().socketEntries[expected.id])
      #expect(entry.title == expected.title)
      #expect(entry.confidence == expected.confidence, "\(expected.id)")
      #expect(Set(entry.fields.keys) == Set(expected.fields.keys), "\(expected.id)")
      for (name, field) in expected.fields {
        #expect(entry.fields[name]?.isRequired == field.required, "\(expected.id) \(name)")
      }
      #expect(Set(entry.errors.map(\.status)).isSuperset(of: expected.errors), "\(expected.id)")
    }
  }

  @Test func `every schema of the contract has its name in the document`() throws {
    let document = try YAMLNode(
      parsing: APIDescription.embeddedBytes, file: "api.yaml", limits: .description)
    let components = ["responses", "schemas"].flatMap { part in
      (document["components"]?[part]?.entries ?? []).map(\.key)
    }
    #expect(Set(components).isSuperset(of: try Contract.read().schemas))
  }

  private static func sources(of entry: Contract.Entry) -> Set<String> {
    let kinds = entry.sources.filter { $0 != "official-page" }
      .map { $0 == "seed" ? "navigation" : $0 }
    return Set(kinds + entry.pages)
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
