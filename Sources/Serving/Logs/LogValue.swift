import Events
import Logging

/// The value of a field of a log: scrubbed, and short enough.
struct LogValue {
  private static let mostElements = 100

  let json: EncodedJSON

  init(_ value: Logger.MetadataValue, named name: String, _ scrubber: LogScrubber) {
    json = LogScrubber.isSecret(name) ? .text(LogScrubber.mask) : Self.json(value, scrubber)
  }

  private static func json(_ value: Logger.MetadataValue, _ scrubber: LogScrubber) -> EncodedJSON {
    switch value {
    case .string(let text): .text(scrubber.scrub(text))
    case .stringConvertible(let value as Int): .integer(Int64(value))
    case .stringConvertible(let value as Int64): .integer(value)
    case .stringConvertible(let value as Double): .number(value)
    case .stringConvertible(let value as Bool): .bool(value)
    case .stringConvertible(let value): .text(scrubber.scrub(value.description))
    case .array(let elements):
      .list(elements.prefix(mostElements).map { json($0, scrubber) })
    case .dictionary(let members):
      .object(
        members.sorted { $0.key < $1.key }.prefix(mostElements).map { name, value in
          .init(name: scrubber.scrub(name), value: LogValue(value, named: name, scrubber).json)
        })
    }
  }

  /// The value behind `NAME=`: bare where nothing in it could be mistaken for the end, else as JSON.
  var text: String {
    guard case .text(let text) = json, Self.isBare(text) else { return json.line }
    return text
  }

  private static func isBare(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
      }
  }
}
