import Expressions
import Operations
import OrderedCollections
import Sandbox
import Testing

/// What every test of a vault checks: nothing is refused for a reason that the description does not give.
enum DocumentedRefusals {
  private static let description = Result { try APIDescription.embedded() }

  /// Whether `operation` may be refused for `reason`.
  static func allow(_ reason: String, of operation: String) throws -> Bool {
    let description = try description.get()
    let refusals = description.operations[operation]?.refusals ?? []
    return (refusals + description.generalRefusals).contains(reason)
  }

  /// Checks the commands that were rejected.
  static func check(_ vault: Vault) {
    var copy = vault
    for occurrence in copy.takeOccurrences() {
      guard case .refused(let operation, let reason) = occurrence else { continue }
      expect(reason, of: operation)
    }
  }

  /// Checks the keys in the body of a refusal.
  static func check(_ response: APIResponse, to request: APIRequest) {
    guard (400..<500).contains(response.status), let operation = operation(of: request) else {
      return
    }
    for key in String(decoding: response.body, as: UTF8.self).matches(of: /"([a-z_]+\.[a-z_]+)"/) {
      expect(String(key.1), of: operation)
    }
  }

  private static func expect(_ reason: String, of operation: String) {
    let isDocumented = (try? allow(reason, of: operation)) ?? false
    #expect(isDocumented, "\(operation) is refused for \(reason)")
  }

  private static func operation(of request: APIRequest) -> String? {
    try? description.get().operations.values.first { operation in
      operation.routes.contains { $0.method == request.method && $0.path == request.path }
    }?.id
  }
}

@Suite struct DocumentedRefusalTests {
  @Test func `a reason that is not documented is found`() throws {
    #expect(
      try DocumentedRefusals.allow("device.name_taken", of: "device.request-unique-identifier"))
    #expect(try DocumentedRefusals.allow("profile.not_found", of: "device.approve-device"))
    #expect(try !DocumentedRefusals.allow("device.name_taken", of: "device.approve-device"))
  }
}
