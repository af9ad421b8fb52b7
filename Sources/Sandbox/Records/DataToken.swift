import Expressions
import Operations
import OrderedCollections

/// Room for a payload that is not there yet; its id is the temporary token.
struct Reservation: Sendable, Codable {
  enum State: Sendable, Hashable, Codable {
    /// Exits: `claimed`, or the record is dropped at the end of its life.
    case open
    /// A command wants to fill it. Exits: `open` when a vote refuses the command, `filled`.
    case claimed(CommandID)
    /// A data token with the same text exists.
    case filled
  }

  let id: ReservationID
  let owner: ProfileID
  let request: CommandID
  let context: String
  /// The single-use value for an upload.
  let uploadValue: String
  let expiresAt: Moment
  var state = State.open
}

/// A stored payload.
struct DataToken: Sendable, Codable {
  /// The temporary token's text.
  let id: DataTokenID
  let owner: ProfileID
  let createdAt: Moment
  var context: String
  var payload: Payload
  /// The token that `configure-file-meta` issued.
  var permanent: String?
  /// The storage devices that hold the payload.
  var holders: OrderedSet<DeviceID>
  var file = ValueMap()
  var risk = ValueMap()
  var data = ValueMap()

  /// The token that clients should use from now on.
  var token: String { permanent ?? id.text }
}

extension DataToken {
  /// A row of the list: the token's own context, file fields under `file` (protocol.md §15).
  func record(_ dialect: Dialect) -> Value {
    var record: ValueMap = [
      "token": .string(token), "context": .string(context),
      "createdAt": .string(createdAt.text(dialect)),
    ]
    let groups: ValueMap = [
      "file": .map(file), "information_security_risk": .map(risk), "data": .map(data),
    ]
    switch dialect.rows {
    case .meta: record["meta"] = .map(groups)
    case .nested: for name in groups.names { record[name] = groups[name] }
    case .flat:
      for group in [file, risk, data] {
        for name in group.names where record[name] == nil { record[name] = group[name] }
      }
    }
    return .map(record)
  }
}

/// A single-use download value.
struct DownloadPass: Sendable, Codable {
  let token: DataTokenID
  let expiresAt: Moment
  var isUsed = false
}
