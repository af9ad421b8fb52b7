import Diagnostics
import Glibc
import Machine
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import Running

extension TransportFailure {
  /// What an error of the libraries below means.
  ///
  /// `peer` names the other side in the message. Whatever is not known to have happened before the
  /// request was written may have been sent.
  init(_ error: any Error, at peer: String) {
    switch error {
    case let failure as TransportFailure: self = failure
    case let failure as PayloadFailure: self = failure.transportFailure(mayHaveBeenSent: true)
    case let error as NIOConnectionError: self.init(error, at: peer)
    case let error as IOError: self.init(error, at: peer)
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      self.init(tls: error, at: peer)
    case is NamelessCertificate:
      self.init(
        .otherHost, "the certificate of \(peer) names no host: it has no subjectAltName",
        sent: false,
        hint: "issue a certificate with a subjectAltName; a common name is not compared")
    case is TLSHandshakeTimeout:
      self.init(.tls, "\(peer) did not finish the TLS handshake in time", sent: false)
    case ChannelError.connectTimeout:
      self.init(.unreachable, "\(peer) did not accept a connection in time", sent: false)
    case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection, ChannelError.eof:
      self.init(.broken, "\(peer) closed the connection before its answer was whole", sent: true)
    case NIOHTTPDecompression.DecompressionError.limit:
      self.init(.tooLarge, "the response of \(peer) is too large once decompressed", sent: true)
    case is NIOHTTPDecompression.DecompressionError,
      is NIOHTTPDecompression.ExtraDecompressionError:
      self.init(
        .protocolViolation, "\(peer) sent a compressed response that cannot be decompressed",
        sent: true)
    case let error as HTTPParserError:
      self.init(.protocolViolation, "\(peer) \(error.complaint)", sent: true)
    case let error as InvalidInput:
      self.init(
        .tls, error.diagnostics.first?.message ?? "the certificates cannot be read", sent: false)
    case is CancellationError:
      self.init(.broken, "the exchange with \(peer) was cancelled", sent: true)
    default:
      self.init(.broken, "the connection to \(peer) broke", sent: true)
    }
  }

  private init(_ kind: Kind, _ message: String, sent: Bool, hint: String? = nil) {
    self.init(kind, message, mayHaveBeenSent: sent, hint: hint)
  }

  private init(_ error: NIOConnectionError, at peer: String) {
    guard !error.connectionErrors.isEmpty else {
      self.init(.unreachable, "the host name of \(peer) is not known", sent: false)
      return
    }
    if let error = error.connectionErrors.lazy.compactMap({ $0.error as? IOError })
      .first(where: \.isLackOfDescriptors)
    {
      self.init(error, at: peer)
      return
    }
    let refused = error.connectionErrors.allSatisfy {
      ($0.error as? IOError)?.errnoCode == ECONNREFUSED
    }
    let message = refused ? "\(peer) refused the connection" : "\(peer) cannot be reached"
    self.init(.unreachable, message, sent: false)
  }

  /// Connecting to an IP address fails with the bare system error.
  ///
  /// The codes below come on a connection that stands only after minutes of retransmission, longer
  /// than any exchange lasts.
  private init(_ error: IOError, at peer: String) {
    switch error.errnoCode {
    case ECONNREFUSED:
      self.init(.unreachable, "\(peer) refused the connection", sent: false)
    case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL:
      self.init(.unreachable, "\(peer) cannot be reached", sent: false)
    case EMFILE, ENFILE:
      self.init(
        .unreachable, "this machine has no free file descriptor for a connection to \(peer)",
        sent: false, hint: "raise the limit (`ulimit -n`), or lower `concurrency`")
    default:
      self.init(.broken, "the connection to \(peer) broke", sent: true)
    }
  }

  private init(tls error: any Error, at peer: String) {
    switch error {
    case NIOSSLError.handshakeFailed(let reason):
      self.init(handshake: String(describing: reason), at: peer)
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      self.init(.otherHost, "the certificate of \(peer) is for another host", sent: false)
    case NIOSSLError.uncleanShutdown:
      self.init(.broken, "\(peer) closed the connection before its answer was whole", sent: true)
    case _ where String(describing: error).contains("CERTIFICATE_REQUIRED"):
      // In TLS 1.3 this comes after the client's part of the handshake, and nothing was read before.
      self.init(requiringCertificateAt: peer)
    default:
      self.init(.tls, "TLS with \(peer) failed", sent: true)
    }
  }
}

extension TransportFailure {
  private init(requiringCertificateAt peer: String) {
    self.init(
      .tls, "\(peer) requires a client certificate", sent: false,
      hint: "give one with `--client-certificate` and `--client-key`")
  }

  /// `reason` is OpenSSL's own list of errors.
  private init(handshake reason: String, at peer: String) {
    if reason.contains("CERTIFICATE_VERIFY_FAILED") {
      self.init(.untrusted, "the certificate of \(peer) is not trusted", sent: false)
    } else if reason.contains("PROTOCOL_VERSION") || reason.contains("UNSUPPORTED_PROTOCOL") {
      self.init(
        .tls, "\(peer) speaks no version of TLS from 1.2 on", sent: false,
        hint: "older versions are not secure: enable TLS 1.2 or 1.3 in the server")
    } else if reason.contains("CERTIFICATE_REQUIRED") {
      self.init(requiringCertificateAt: peer)
    } else {
      self.init(.tls, "the TLS handshake with \(peer) failed", sent: false)
    }
  }
}

extension IOError {
  /// Whether no socket could be made, so that nothing was sent.
  fileprivate var isLackOfDescriptors: Bool { [EMFILE, ENFILE, ENOBUFS].contains(errnoCode) }
}

extension HTTPParserError {
  /// What the other side did, to be said of a peer.
  fileprivate var complaint: String {
    switch self {
    case .invalidContentLength, .unexpectedContentLength:
      "sent a response whose Content-Length is not a number or is given twice"
    case .invalidChunkSize: "sent an answer in pieces of which one has no size"
    case .headerOverflow: "sent an answer whose headers are larger than 80 KiB"
    case .invalidHeaderToken, .lfExpected, .invalidCharactersUsed:
      "sent an answer with malformed headers"
    default: "did not answer in HTTP"
    }
  }
}
