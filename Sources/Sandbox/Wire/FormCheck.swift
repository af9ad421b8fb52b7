import Expressions
import Operations
import OrderedCollections

/// Reads a request's fields and collects what is wrong with them, for one 422 with everything.
///
/// A reader whose field is wrong answers an empty value; nobody looks at it once `refusal` is set.
struct FormCheck {
  let fields: RequestFields
  let limits: VaultLimits
  private(set) var problems: OrderedDictionary<String, [String]> = [:]

  init(_ fields: RequestFields, _ limits: VaultLimits) {
    self.fields = fields
    self.limits = limits
  }

  /// The answer to a request that is wrong in form.
  var refusal: APIResponse? { problems.isEmpty ? nil : .invalid(problems) }

  mutating func refuse(_ name: String, _ reason: String) {
    problems[name, default: []].append(reason)
  }

  /// A text that must be there and not empty; the first name is the one that reasons name.
  mutating func text(_ names: String..., longest: Int? = nil) -> String {
    guard let value = fields.value(names) else {
      refuse(names[0], "is required")
      return ""
    }
    guard case .string(let text) = value else {
      refuse(names[0], "must be a string")
      return ""
    }
    if text.isEmpty { refuse(names[0], "must not be empty") }
    if text.utf8.count > longest ?? limits.textLength { refuse(names[0], "is too long") }
    return text
  }

  /// A text that may be missing or empty.
  mutating func optionalText(_ names: String...) -> String? {
    guard let value = fields.value(names) else { return nil }
    guard case .string(let text) = value else {
      refuse(names[0], "must be a string")
      return nil
    }
    if text.utf8.count > limits.textLength { refuse(names[0], "is too long") }
    return text.isEmpty ? nil : text
  }

  /// An integer within bounds; `fallback` stands for a missing one.
  mutating func integer(
    _ names: String..., within bounds: ClosedRange<Int>, fallback: Int? = nil
  ) -> Int {
    guard let value = fields.value(names), value != "" else {
      if fallback == nil { refuse(names[0], "is required") }
      return fallback ?? bounds.lowerBound
    }
    guard let number = Int(value.plainText ?? "") else {
      refuse(names[0], "must be an integer")
      return bounds.lowerBound
    }
    guard bounds.contains(number) else {
      refuse(names[0], "must be from \(bounds.lowerBound) to \(bounds.upperBound)")
      return bounds.lowerBound
    }
    return number
  }

  /// A list of texts; an empty one stands for a missing one.
  mutating func texts(_ name: String) -> [String] {
    guard let value = fields.value([name]) else { return [] }
    guard case .list(let elements) = value, elements.count <= limits.fields else {
      refuse(name, "must be a list of text")
      return []
    }
    let texts = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    if texts.count != elements.count || texts.contains(where: { $0.utf8.count > limits.textLength })
    {
      refuse(name, "must be a list of text")
    }
    return texts
  }

  /// Names in a list or in one text with commas or spaces; none stands for missing ones.
  mutating func names(_ name: String) -> [String] {
    guard case .string(let text)? = fields.value([name]) else { return texts(name) }
    return optionalText(name) == nil
      ? [] : text.split { $0 == "," || $0 == " " }.map(String.init)
  }

  /// Says that a field is missing.
  mutating func refuseMissing(_ name: String) {
    if problems[name] == nil { refuse(name, "is required") }
  }

  /// A map, or nil when it is missing.
  mutating func map(_ name: String) -> ValueMap? {
    guard let value = fields.value([name]) else { return nil }
    guard case .map(let map) = value else {
      refuse(name, "must be an object")
      return nil
    }
    return map
  }

  /// A payload in base64 of bounded length.
  mutating func payload(_ name: String) -> [UInt8] {
    let text = text(name, longest: limits.inlineCharacters)
    guard problems[name] == nil else { return [] }
    guard let bytes = Base64.decode(text) else {
      refuse(name, "must be base64")
      return []
    }
    return bytes
  }
}
