package import Expressions
package import Operations

extension Sequence<RunEvent> {
  /// Every secret in the events.
  package var secrets: [Secret] { flatMap(\.kind.secrets) }

  /// The same events with every secret that `scrubber` knows masked: those of another run may be in the
  /// open in these.
  package func scrubbed(by scrubber: SecretScrubber) -> [RunEvent] {
    guard !scrubber.isIdle else { return Array(self) }
    return map { event in
      var (event, coder) = (event, EventScrubber(scrubber))
      event.kind.code(&coder)
      return event
    }
  }
}

/// Masks secrets in the fields of an event; what is marked as secret stays as it is.
private struct EventScrubber: EventCoder {
  typealias CodingError = Never

  static let isOutside = false
  /// The fields that hold one of the program's own words.
  private static let words: Set<String> = ["class", "kind", "state", "type", "verdict"]

  private let scrubber: SecretScrubber

  init(_ scrubber: SecretScrubber) {
    self.scrubber = scrubber
  }

  func text(_ key: FieldKey, _ value: inout String) {
    guard !Self.words.contains(key.name) else { return }
    value = scrubber.scrub(value)
  }
  func text(_ key: FieldKey, _ value: inout String?) { value = value.map(scrubber.scrub) }
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
  func texts(_ key: FieldKey, _ value: inout [String]) { value = value.map(scrubber.scrub) }
  func counts(_ key: FieldKey, _ value: inout [Int]) {}
  func value(_ key: FieldKey, _ value: inout Value) { value = masked(value) }
  func optionalValue(_ key: FieldKey, _ value: inout Value) { value = masked(value) }
  func map(_ key: FieldKey, _ value: inout ValueMap) {
    if case .map(let masked) = masked(.map(value)) { value = masked }
  }
  func labels(_ key: FieldKey, _ value: inout [RunLabel]) {
    value = value.map { RunLabel(name: $0.name, value: scrubber.scrub($0.value)) }
  }
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part) { value.code(&self) }
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part?) { value?.code(&self) }
  mutating func parts<Part: EventPart>(_ key: FieldKey, _ value: inout [Part]) {
    for index in value.indices { value[index].code(&self) }
  }
  func refuse(_ key: FieldKey) {}

  /// The value with texts, numbers and keys masked, and bytes that hold a secret marked as secret.
  private func masked(_ value: Value) -> Value { scrubber.hide(in: scrubber.scrub(value)) }
}
