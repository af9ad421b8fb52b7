import Expressions
import Machine
import NIOSSL
import Running

/// Why a server's certificate is not trusted, as far as its chain shows.
enum CertificateFlaw: Hashable {
  /// The days are dates such as `2026-03-01`, UTC.
  case expired(day: String)
  case notYetValid(day: String)
  case selfSigned
  /// The server sent only its own certificate, issued by an authority of that name.
  case unknownIssuer(String)
  /// The server sent a chain that ends with an authority of that name.
  case untrustedChain(String)

  /// `chain` begins with the server's own certificate; `now` is in seconds since 1970.
  init?(_ chain: [NIOSSLCertificate], now: Int) {
    guard let leaf = chain.first, let last = chain.last else { return nil }
    if let late = chain.first(where: { $0.notValidAfter < now }) {
      self = .expired(day: Self.day(late.notValidAfter))
    } else if let early = chain.first(where: { $0.notValidBefore > now }) {
      self = .notYetValid(day: Self.day(early.notValidBefore))
    } else if chain.count == 1, leaf.issuerName == leaf.subjectName {
      self = .selfSigned
    } else if chain.count == 1 {
      self = .unknownIssuer(Self.commonName(leaf.issuerName))
    } else {
      self = .untrustedChain(Self.commonName(last.issuerName))
    }
  }

  /// The failure of a connection to `origin`.
  func failure(at origin: Origin) -> TransportFailure {
    TransportFailure(
      .untrusted, "the certificate of \(origin) \(complaint)", mayHaveBeenSent: false, hint: hint)
  }

  private var complaint: String {
    switch self {
    case .expired(let day): "expired on \(day)"
    case .notYetValid(let day): "is not valid before \(day)"
    case .selfSigned: "is self-signed and not trusted"
    case .unknownIssuer(let name):
      "was issued by `\(name)`, which is not trusted and whose own certificate the server did not "
        + "send"
    case .untrustedChain(let name): "leads to the authority `\(name)`, which is not trusted"
    }
  }

  private var hint: String {
    switch self {
    case .expired: "renew the certificate; is the clock of this machine right?"
    case .notYetValid: "is the clock of this machine right?"
    case .selfSigned: "if it is the service's own, trust it with `--ca-file`"
    case .unknownIssuer:
      "an intermediate certificate may be missing: let the server send its whole chain; a private "
        + "authority is trusted with `--ca-file`"
    case .untrustedChain: "a private authority is trusted with `--ca-file`"
    }
  }

  private static func commonName(_ names: [SSLCertificateName]) -> String {
    names.last { $0.type == .commonName }?.value ?? "no name"
  }

  private static func day(_ seconds: Int) -> String {
    CalendarTime(secondsSinceEpoch: Int64(seconds)).dateText
  }
}
