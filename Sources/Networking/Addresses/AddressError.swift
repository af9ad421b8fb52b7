/// Why a text is no address.
///
/// Carries nothing of the text, which may hold a password.
enum AddressError: Error, Sendable, Hashable {
  case scheme
  case noScheme
  case quotes
  case blank
  case credentials
  case host
  case port
  case path
  case query
  case fragment

  /// What is wrong, to be said of an address.
  var message: String {
    switch self {
    case .scheme: "has another scheme"
    case .noScheme: "has no scheme"
    case .quotes: "is in quotation marks"
    case .blank: "holds a blank or a control character"
    case .credentials: "must not hold a user name or password"
    case .host: "has no valid host"
    case .port: "has a port that is not a number from 1 to 65535"
    case .path: "has a path with characters that must be percent-encoded, or dot segments"
    case .query: "must not have a query"
    case .fragment: "must not have a fragment"
    }
  }
}
