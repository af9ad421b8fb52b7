import Events

/// Where a run acts, in a few words.
enum PlaceText {
  /// Such as `https://api.example.com:443 (environment staging)`; nil where neither is known.
  static func text(_ service: ServiceOrigins?, environment: String?) -> String? {
    switch (service?.shortText, environment) {
    case (let service?, let environment?): "\(service) (environment \(environment))"
    case (let service, nil): service
    case (nil, let environment?): "environment \(environment)"
    }
  }

  /// What follows a word such as `plan`: ` at https://api.example.com:443 (environment staging)`; empty
  /// where nothing is known.
  static func clause(_ service: ServiceOrigins?, environment: String?) -> String {
    let environment = environment.map { " (environment \($0))" } ?? ""
    return (service.map { " at \($0.shortText)" } ?? "") + environment
  }
}
