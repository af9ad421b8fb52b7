import Expressions
import Foundation
import Operations
import OrderedCollections
import Testing

@Suite struct EmbeddedDescriptionTests {
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

  @Test(
    arguments: [
      ("oauth-application.obtain-oauth-app-access-token", .unsafe),
      ("oauth-application.retrieve-oauth-app-configuration", .unsafe),
      ("oauth-application.request-oauth-app-authorization-code", .detectable),
      ("oauth-application.refresh-oauth-app-access-token", .unsafe),
    ] as [(String, Operations.Operation.Repetition)])
  func `what is given once only is not repeated`(
    _ id: String, _ repetition: Operations.Operation.Repetition
  ) throws {
    let description = try Embedded.description()
    #expect(description.operations[id]?.repetition == repetition)
  }

  @Test func `what a policy can hold is gated, and some of it is taken once`() throws {
    let gated = try Embedded.description().operations.values.filter(\.isGated)
    #expect(
      Dictionary(gated.map { ($0.id, $0.singleUseField ?? "") }, uniquingKeysWith: { $1 }) == [
        "data-token.exchange-data-for-token": "temporaryTokenSpace",
        "data-token.upstream-file-via-stream-auth": "", "data-token.request-data-via-token": "",
        "data-token.update-data-token": "", "data-token.delete-data": "token",
        "device.approve-device": "", "device.remove-device": "deviceIdentifier",
        "storage.remove-storage": "",
      ])
  }

  @Test func `names of devices and applications are not unique`() throws {
    let shared = try Embedded.description().operations.values
      .filter { !($0.lookup?.isUnique ?? true) }
    #expect(
      Dictionary(shared.map { ($0.id, $0.lookup?.recordID) }, uniquingKeysWith: { $1 }) == [
        "device.request-unique-identifier": "deviceIdentifier",
        "oauth-application.register-oauth-application": "applicationId",
      ])
  }

  @Test func `one operation sets a password`() throws {
    let fields = try Embedded.description().operations.values.compactMap(\.passwordField)
    #expect(fields == ["newPassword"])
  }

  @Test func `reads are safe to repeat`() throws {
    for operation in try Embedded.description().operations.values
    where operation.routes.first?.method == "GET" && operation.completion == .http {
      #expect(operation.repetition == .safe, "\(operation.id)")
    }
  }

  @Test func `what goes over the socket says what it is for`() throws {
    let description = try Embedded.description()
    for entry in description.socketEntries.values {
      #expect(!entry.title.isEmpty && entry.summary.hasSuffix("."), "\(entry.id)")
      #expect(description.operations[entry.seenBy] != nil, "\(entry.id)")
      #expect(entry.fields.values.allSatisfy { !$0.summary.isEmpty }, "\(entry.id)")
      #expect(entry.answer.values.allSatisfy { !$0.summary.isEmpty }, "\(entry.id)")
      #expect(entry.fields["authorizationToken"]?.isSensitive ?? true, "\(entry.id)")
    }
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
}
