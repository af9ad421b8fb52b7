import Operations
import OrderedCollections
import Playbooks

extension ManualEntry.Way {
  /// The route as the page shows it: an address, and where and when it differs from the first.
  var phrase: String {
    var phrase = endpoint == "api" || endpoint == "websocket" ? "" : "{\(endpoint)}"
    phrase = "\(method) \(phrase)\(path)"
    if let encoding { phrase += ", \(encoding.phrase)" }
    if let authorization { phrase += ", \(authorization.phrase)" }
    guard !triedOn.isEmpty else { return phrase }
    return phrase + ", after \(triedOn.map(String.init).joined(separator: " or "))"
  }
}

extension Operation.Authorization {
  var phrase: String {
    switch self {
    case .none: "none"
    case .token: "the session's"
    case .tokenIfAny: "the session's, where there is one"
    case .clientBasic: "none; Basic with client id and secret"
    case .accessToken: "none; Basic with the access token as it is"
    case .authorizationCode: "Basic with the authorization code as it is"
    case .streamAuth: "none; a single-use value in the address"
    }
  }
}

extension Operation.Encoding {
  var phrase: String {
    switch self {
    case .none: "no body"
    case .form: "a form"
    case .json: "JSON"
    case .octets: "bytes"
    }
  }
}

extension Operation.Repetition {
  var phrase: String {
    switch self {
    case .safe: "safe: it only reads"
    case .harmless: "harmless: the same end state"
    case .detectable: "idempotent: no (verify with a read)"
    case .unsafe: "idempotent: no (nothing shows whether it was done)"
    }
  }
}

extension Operation.Consequences {
  /// What the operation does at the service.
  var phrase: String {
    let effect =
      switch effect {
      case .none: "none"
      case .create: "creates something at the service"
      case .change: "changes something at the service"
      case .remove: "removes something from the service"
      }
    return isFinal ? "\(effect); cannot be undone" : effect
  }
}

extension Operation.Asking {
  /// Who is asked.
  var phrase: String {
    "the authenticators of \(configuration)" + (except.map { ", except those in \($0)" } ?? "")
  }
}

extension Operation.Lives {
  /// How long it lives, and which operations end that.
  var phrase: String {
    let users = until.isEmpty ? "" : " until \(until.joined(separator: " or "))"
    guard let count = `default` else { return "as many \(units) as \(field) says\(users)" }
    let usual = count == 1 ? String(units.dropLast()) : units
    return "\(count) \(usual)\(users); \(field) says otherwise"
  }

  private var units: String {
    switch unit {
    case .seconds(60): "minutes"
    case .seconds(3600): "hours"
    case .seconds(86_400): "days"
    default: "seconds"
    }
  }
}

extension Lookup {
  /// How the read shows whether the operation was done.
  var phrase: String {
    let compared = (identity.isEmpty ? comparison.fields : identity).map { own, theirs in
      own == theirs ? "the same \(own)" : "\(own) as its \(theirs)"
    }
    let what = compared.joined(separator: " and ")
    let place = list.map { ", among \($0)" } ?? ""
    switch expects {
    case .present where !isUnique:
      return "\(operation)\(place), by \(what), if the list was read before"
    case .present: return "\(operation)\(place), by \(what)"
    case .absent: return "\(operation)\(place), where \(what) is gone"
    }
  }
}

extension ValueType {
  /// What the bounds of such a value count; empty for numbers.
  var unit: String {
    switch self {
    case .string, .secret: " characters"
    case .bytes: " bytes"
    case .list, .map: " elements"
    case .integer, .number, .boolean, .file, .any, .record: ""
    }
  }
}
