import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Testing

/// The description that is part of the program, read once for all tests.
enum Embedded {
  private static let result = Result { () throws(InvalidInput) in
    try APIDescription.embedded()
  }

  static func description() throws -> APIDescription {
    try result.get()
  }

  static func operation(_ id: String) throws -> Operations.Operation {
    try #require(description().operations[id])
  }

  /// The request of the operation's first way.
  static func request(
    _ id: String, _ arguments: ValueMap = [:], token: Secret? = Secret("session-token")
  ) throws -> APIRequest {
    let operation = try operation(id)
    let route = try #require(operation.routes.first)
    return try operation.request(arguments, by: route, token: token)
  }

  /// What the operation makes of an answer.
  static func read(
    _ id: String, status: Int = 200, headers: [HTTPField] = [], _ body: String
  ) throws -> OperationAnswer {
    try operation(id).read(
      APIResponse(status: status, headers: headers, body: Array(body.utf8)))
  }
}

extension APIRequest {
  var bodyText: String { String(decoding: body, as: UTF8.self) }
}
