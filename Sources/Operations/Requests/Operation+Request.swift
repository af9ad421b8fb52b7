package import Expressions
import OrderedCollections
import Playbooks

extension Operation {
  /// The request that this call makes by one of the operation's routes.
  ///
  /// Arguments that are null count as not given. Secrets are revealed here and nowhere else before
  /// the wire. A path field that the route's path does not name travels in the body, or in the
  /// query of a route without one. Where the single-use value of an upload or download is a complete
  /// address, the request goes there (protocol.md §13). Throws before anything is sent.
  ///
  ///     // `approve` is the operation `device.approve-device`.
  ///     let request = try approve.request(
  ///       ["deviceIdentifier": "d-1"], by: approve.routes[0], token: Secret("t"))
  ///     // POST /device/approve-device, with the token in X-DPT-AUTHORIZATION and the body
  ///     // deviceIdentifier=d-1
  package func request(
    _ arguments: ValueMap, by route: Route, token: Secret?
  ) throws(RequestError) -> APIRequest {
    let values = try checkedValues(arguments)
    let encoding = route.encoding ?? self.encoding
    var path = route.path
    var query = WireFields()
    var body = OrderedDictionary<String, Value>()
    for (name, value) in values {
      guard let field = fields[name] else { continue }
      let names = [name] + field.alsoSentAs
      let value = field.isCommaJoined ? value.commaJoined : value
      switch field.place {
      case .path where path.contains("{\(name)}"):
        path.replace("{\(name)}", with: try Self.segment(value, field: name))
      case .query:
        for wireName in names { try query.append(value, as: wireName, field: name) }
      case .path where encoding == .none:
        for wireName in names { try query.append(value, as: wireName, field: name) }
      case .path, .body:
        for wireName in names { body[wireName] = value }
      case .authorization, .local: continue
      }
    }
    var headers = try authorizationHeaders(values, by: route, token: token)
    headers.append(HTTPField("Accept", acceptedTypes))
    if let type = encoding.contentType { headers.append(HTTPField("Content-Type", type)) }
    var request = APIRequest(
      endpoint: route.endpoint, method: route.method, path: path, query: query.fields,
      headers: headers, body: try encoding.encode(body))
    try attachFiles(values, to: &request)
    if authorization == .streamAuth, let address = values["auth"]?.text, address.isAddress {
      request.endpoint = .url(address)
      request.query = []
    }
    return request
  }

  /// The arguments of known fields, converted, in the order of the description.
  private func checkedValues(
    _ arguments: ValueMap
  ) throws(RequestError) -> OrderedDictionary<String, Value> {
    for name in arguments.names where fields[name] == nil { throw .unknownField(name) }
    var values = OrderedDictionary<String, Value>()
    for (name, field) in fields {
      guard let value = arguments[name], value.revealed != .null else {
        guard !field.isRequired else { throw .missingField(name) }
        continue
      }
      values[name] = try field.schema.apiValue(of: value, name: name)
    }
    return values
  }

  private static func segment(_ value: Value, field: String) throws(RequestError) -> String {
    guard let text = value.plainText else {
      throw .objection(field: field, .wrongType(expected: ValueType.string.phrase))
    }
    guard !["", ".", ".."].contains(text) else { throw .unusableInPath(field: field) }
    return PercentEncoding.component(text)
  }

  /// What the answer may be: bytes for downloads, JSON or text for all else.
  private var acceptedTypes: String {
    answersBytes
      ? "application/octet-stream, */*;q=0.5" : "application/json, text/plain;q=0.8, */*;q=0.5"
  }
}

extension Operation.Encoding {
  fileprivate var contentType: String? {
    switch self {
    case .none: nil
    case .form: "application/x-www-form-urlencoded"
    case .json: "application/json"
    case .octets: "application/octet-stream"
    }
  }

  fileprivate func encode(
    _ fields: OrderedDictionary<String, Value>
  ) throws(RequestError) -> [UInt8] {
    switch self {
    case .none: return []
    case .form:
      var wire = WireFields()
      for (name, value) in fields { try wire.append(value, as: name, field: name) }
      return Array(PercentEncoding.form(wire.fields).utf8)
    case .json:
      let members = fields.map { (Value.string($0.key), $0.value) }
      let object = ValueMap(OrderedDictionary(uniqueKeysWithValues: members))
      return Array(JSON.text(.map(object)).utf8)
    case .octets:
      guard case .bytes(let bytes) = fields.values.first else { return [] }
      return bytes
    }
  }
}

extension Value {
  /// The elements of a list in one text, with commas between them; anything else as it is.
  fileprivate var commaJoined: Value {
    guard case .list(let elements) = self else { return self }
    return .string(elements.map { $0.plainText ?? "" }.joined(separator: ","))
  }
}
