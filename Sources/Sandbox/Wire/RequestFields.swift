import Expressions
import Operations

/// The fields of a request, however they were written.
///
/// Bracket keys are opened: `scope[]=a` is a list, `filters[context]=x` a map (protocol.md §1).
struct RequestFields {
  private(set) var map = ValueMap()

  /// The fields of a query.
  init(query: [HTTPField]) {
    self.init(pairs: query)
  }

  private init(pairs: [HTTPField]) {
    for pair in pairs { add(pair) }
  }

  private init(map: ValueMap) {
    self.map = map
  }

  /// The fields of a body, or nil when it is not what `encoding` and its content type say.
  static func read(
    _ request: APIRequest, as encoding: VaultRoute.Body, limit: Int
  ) -> RequestFields? {
    guard !request.body.isEmpty else { return RequestFields(pairs: []) }
    let contentType = request.header("Content-Type") ?? ""
    let kind = contentType.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    switch (encoding, kind) {
    case (.none, _): return RequestFields(pairs: [])
    case (.json, "application/json"), (.formOrJSON, "application/json"):
      guard case .map(let map)? = try? JSON.parse(request.body) else { return nil }
      return RequestFields(map: map)
    case (.form, "application/x-www-form-urlencoded"),
      (.formOrJSON, "application/x-www-form-urlencoded"):
      return PercentDecoding.form(request.body, limit: limit).map(RequestFields.init(pairs:))
    case (.form, "multipart/form-data"), (.formOrJSON, "multipart/form-data"):
      return MultipartForm.read(request.body, contentType: contentType, limit: limit)
        .map(RequestFields.init(pairs:))
    case (.form, _), (.json, _), (.formOrJSON, _): return nil
    }
  }

  private mutating func add(_ pair: HTTPField) {
    guard pair.name.hasSuffix("]"), let bracket = pair.name.firstIndex(of: "["),
      bracket > pair.name.startIndex
    else {
      map[pair.name] = .string(pair.value)
      return
    }
    let name = String(pair.name[..<bracket])
    let key = String(pair.name[pair.name.index(after: bracket)...].dropLast())
    switch (key, map[name]) {
    case ("", .list(let elements)?): map[name] = .list(elements + [.string(pair.value)])
    case ("", _): map[name] = [.string(pair.value)]
    case (_, let earlier):
      var inner = earlier?.fields ?? ValueMap()
      inner[key] = .string(pair.value)
      map[name] = .map(inner)
    }
  }

  /// The first value among `names` that is there and not null.
  func value(_ names: [String]) -> Value? {
    for name in names {
      if let value = map[name], value != .null { return value }
    }
    return nil
  }

  /// All fields but those named, in order.
  func rest(without names: Set<String>) -> ValueMap {
    var rest = ValueMap()
    for name in map.names where !names.contains(name) { rest[name] = map[name] }
    return rest
  }
}
