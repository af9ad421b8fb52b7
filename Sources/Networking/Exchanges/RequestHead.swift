import Machine
import NIOCore
import NIOHTTP1
import Operations
import Running

/// The head of a request as it is sent (RFC 9112 §3), from parts that a playbook may name.
struct RequestHead {
  let method: String
  let origin: Origin
  /// The path and the query, all of it percent-encoded.
  let path: String
  let headers: [HTTPField]
  let acceptedEncodings: String
  /// Bytes of the body.
  let length: Int

  /// The head with `Host`, `Accept-Encoding` and `Content-Length`.
  ///
  /// Throws, before anything is sent, for a header or a path that would change the meaning of the message
  /// (RFC 9110 §5.5, RFC 9112 §11.1).
  func encoded() throws(TransportFailure) -> HTTPRequestHead {
    guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !method.isEmpty,
      method.utf8.allSatisfy(\.isToken)
    else { throw invalid("an address that is not valid") }
    var fields: [(String, String)] = []
    fields.reserveCapacity(headers.count + 3)
    var (namesHost, namesEncodings) = (false, false)
    for field in headers {
      guard !field.name.isEmpty, field.name.utf8.allSatisfy(\.isToken),
        field.value.utf8.allSatisfy(\.isFieldByte)
      else { throw invalid("a header that HTTP does not allow") }
      switch field.name.lowercased() {
      // The body is one that is known: whatever else describes it would be wrong.
      case "content-length", "transfer-encoding": continue
      case "host": namesHost = true
      case "accept-encoding": namesEncodings = true
      case _: break
      }
      fields.append((field.name, field.value))
    }
    if !namesHost { fields.append(("Host", origin.hostHeader)) }
    if !namesEncodings { fields.append(("Accept-Encoding", acceptedEncodings)) }
    // RFC 9110 §8.6: a method that anticipates a body has a length, even when there is none.
    if length > 0 || ["POST", "PUT", "PATCH"].contains(method) {
      fields.append(("Content-Length", "\(length)"))
    }
    return HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: method), uri: path,
      headers: HTTPHeaders(fields))
  }

  private func invalid(_ what: String) -> TransportFailure {
    TransportFailure(
      .protocolViolation, "the request to \(origin) has \(what), and was not sent",
      mayHaveBeenSent: false)
  }
}

extension UInt8 {
  private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)

  /// RFC 9110 §5.6.2.
  fileprivate var isToken: Bool {
    isAlphanumeric || Self.tokenMarks.contains(self)
  }

  /// RFC 9110 §5.5: visible characters, blanks, and bytes beyond ASCII.
  fileprivate var isFieldByte: Bool { self >= 0x20 && self != 0x7F || self == 0x09 }
}
