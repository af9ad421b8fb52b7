package import Expressions
import OrderedCollections
import Playbooks

extension Operation {
  /// Why no request can be made of `arguments`, whatever is still unknown of them; empty where one may be.
  ///
  ///     // `list` is the operation `data-token.list-data-tokens`.
  ///     list.objections(to: ["perPage": 0, "page": 0]).map(\.message)
  ///     // ["the field `page` must be at least 1, not 0", "the field `perPage` must be at least 1, not 0"]
  package func objections(to arguments: ValueMap) -> [RequestError] {
    let objections = fields.compactMap { name, field in
      field.objection(to: arguments[name] ?? .null, as: name)
    }
    guard objections.isEmpty, !Value.map(arguments).holdsUnknown, let route = routes.first else {
      return objections
    }
    do throws(RequestError) {
      _ = try request(arguments, by: route, token: Secret("token"))
      return []
    } catch {
      return [error]
    }
  }
}

extension Field {
  /// Why the field cannot be sent with `value`; nil where it can, or where the value is unknown.
  package func objection(to value: Value, as name: String) -> RequestError? {
    guard value.revealed != .null else { return isRequired ? .missingField(name) : nil }
    guard !value.holdsUnknown else { return nil }
    do throws(RequestError) {
      _ = try schema.apiValue(of: value, name: name)
      return nil
    } catch {
      return error
    }
  }
}
