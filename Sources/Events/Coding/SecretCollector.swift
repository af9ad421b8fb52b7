package import Expressions
import Operations

extension RunEvent.Kind {
  /// Every secret in the event.
  package var secrets: [Secret] {
    var (kind, collector) = (self, SecretCollector())
    kind.code(&collector)
    return collector.secrets
  }
}

/// Collects the secrets in the fields of an event; no other kind of field holds any.
private struct SecretCollector: EventCoder {
  typealias CodingError = Never

  static let isOutside = false

  var secrets: [Secret] = []

  func text(_ key: FieldKey, _ value: inout String) {}
  func text(_ key: FieldKey, _ value: inout String?) {}
  func count(_ key: FieldKey, _ value: inout Int) {}
  func count(_ key: FieldKey, _ value: inout Int?) {}
  func seed(_ key: FieldKey, _ value: inout UInt64) {}
  func flag(_ key: FieldKey, _ value: inout Bool) {}
  func moment(_ key: FieldKey, _ value: inout Moment) {}
  func moment(_ key: FieldKey, _ value: inout Moment?) {}
  func duration(_ key: FieldKey, _ value: inout Duration) {}
  func duration(_ key: FieldKey, _ value: inout Duration?) {}
  func path(_ key: FieldKey, _ value: inout StepPath) {}
  func path(_ key: FieldKey, _ value: inout StepPath?) {}
  func paths(_ key: FieldKey, _ value: inout [StepPath]) {}
  func texts(_ key: FieldKey, _ value: inout [String]) {}
  func counts(_ key: FieldKey, _ value: inout [Int]) {}
  mutating func value(_ key: FieldKey, _ value: inout Value) { secrets += value.secrets }
  mutating func optionalValue(_ key: FieldKey, _ value: inout Value) { secrets += value.secrets }
  mutating func map(_ key: FieldKey, _ value: inout ValueMap) {
    secrets += Value.map(value).secrets
  }
  func labels(_ key: FieldKey, _ value: inout [RunLabel]) {}
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part) { value.code(&self) }
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part?) { value?.code(&self) }
  mutating func parts<Part: EventPart>(_ key: FieldKey, _ value: inout [Part]) {
    for index in value.indices { value[index].code(&self) }
  }
  func refuse(_ key: FieldKey) {}
}
