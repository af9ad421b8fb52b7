import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks
import Sandbox
import Testing

/// A tenant made by the operations of the API description, each read before and after it.
struct EnsuredTenant {
  private static let description = Result { () throws(InvalidInput) in
    try APIDescription.embedded()
  }

  private let api: APIDescription
  private(set) var client: VaultClient

  init(_ configure: (inout VaultConfiguration) -> Void) throws {
    api = try Self.description.get()
    client = VaultClient(seed: 7, configure)
  }

  /// Calls an operation by the first of its routes that is served, and lets its command settle.
  mutating func call(_ id: String, _ arguments: ValueMap) throws -> APIResponse {
    let operation = try #require(api.operations[id])
    var response = APIResponse(status: 0)
    for route in operation.routes {
      let request = try operation.request(
        arguments, by: route, token: client.token.map { Secret($0) })
      response = client.send(request)
      client.settle()
      guard [404, 405].contains(response.status) else { break }
    }
    return response
  }

  /// What an operation answers.
  mutating func answer(_ id: String, _ arguments: ValueMap = [:]) throws -> ValueMap {
    let response = try call(id, arguments)
    return try #require(api.operations[id]).read(response).fields
  }

  /// How what is there compares with a call, read as a run reads it.
  mutating func standing(
    _ id: String, _ arguments: ValueMap, _ state: Ensurance.State = .present
  ) throws -> Lookup.Standing {
    let operation = try #require(api.operations[id])
    let lookup = try #require(operation.lookup)
    let read = try #require(api.operations[lookup.operation])
    let fields = try #require(lookup.fields(of: read, for: arguments, username: nil))
    var search = LookupSearch(lookup, for: arguments)
    var isMore = true
    while isMore {
      let response = try call(read.id, search.nextFields(adding: fields))
      guard (200..<300).contains(response.status) else {
        let isAbsence = lookup.isAbsence(status: response.status, of: read, hasFoundAPI: true)
        return isAbsence ? .absent : .unreadable
      }
      isMore = search.read(read.read(response).fields)
    }
    return search.standing(Ensurance(state), of: operation)
  }

  /// Carries an operation out, and returns the record that shows it afterwards; before, the read must
  /// show that it is not done.
  mutating func make(_ id: String, _ arguments: ValueMap) throws -> ValueMap {
    let before = try standing(id, arguments)
    #expect(!before.isSame, "\(id) before: \(before)")
    let answer = try answer(id, arguments)
    let lookup = try #require(api.operations[id]?.lookup)
    let after = try standing(id, lookup.arguments(arguments, after: answer))
    guard case .same(let record) = after else {
      Issue.record("\(id) after: \(after)")
      return [:]
    }
    return record
  }

  /// Carries out an operation that removes, of what the read shows before and not after.
  mutating func remove(_ id: String, _ arguments: ValueMap) throws {
    let before = try standing(id, arguments, .absent)
    #expect(before.isSame, "\(id) before: \(before)")
    _ = try call(id, arguments)
    #expect(try standing(id, arguments, .absent) == .absent, "\(id)")
  }

  /// The names of the fields in which what is there differs from a call.
  mutating func differences(_ id: String, _ arguments: ValueMap) throws -> [String] {
    guard case .different(_, let differences) = try standing(id, arguments) else { return [] }
    return differences.map(\.field)
  }

  /// Registers a profile with a key, and joins.
  mutating func provision() throws {
    let credentials: ValueMap = ["username": "a@example.com", "password": "correct horse battery"]
    _ = try make("profile.register-new-profile", credentials)
    client.authenticate("a@example.com")
    client.join(ConnectionID(1))
    let keys = client.get("/generate-keys").value
    let key = keys[field: "public"]?.text?.uppercased() ?? ""
    _ = try make("public-key.register-public-key", ["publicKey": .string(key)])
  }

  /// Has an approved device, and returns its identifier.
  mutating func device(_ name: String) throws -> Value {
    let record = try make("device.request-unique-identifier", ["deviceName": .string(name)])
    let id = try #require(record["deviceIdentifier"])
    _ = try make("device.approve-device", ["deviceIdentifier": id])
    return id
  }
}

extension Lookup.Standing {
  var isSame: Bool { if case .same = self { true } else { false } }
}
