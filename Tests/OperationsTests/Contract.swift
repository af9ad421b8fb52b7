import Foundation
import Testing

/// The contract of the API, as `Fixtures/contract.json` holds it.
struct Contract: Decodable {
  /// One operation, or one thing that goes over the socket.
  struct Entry: Decodable {
    struct Field: Decodable {
      var place: String
      var type: String
      var required: Bool
      var allowed: [String]
      var aliases: [String]
    }

    var id: String
    var title: String
    var section: String
    var method: String
    var path: String
    var encoding: String
    var authorization: String
    var completion: String
    var confidence: String
    var fields: [String: Field]
    var errors: Set<Int>
    var answer: [String]
    var sources: [String]
    var pages: [String]
  }

  var schemas: [String]
  var entries: [Entry]

  /// What goes over HTTP.
  var operations: [Entry] { entries.filter { $0.section != "Websockets" } }

  /// What goes over the WebSocket.
  var socketEntries: [Entry] { entries.filter { $0.section == "Websockets" } }

  static func read() throws -> Contract {
    let file = try #require(
      Bundle.module.url(forResource: "contract", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Contract.self, from: Data(contentsOf: file))
  }
}
