import Expressions

/// A kind of policy; templates are read-only (protocol.md §10).
struct PolicyTemplate: Sendable {
  /// Something that policies of this kind can apply to.
  struct Event: Sendable {
    let id: String
    let name: String
    let label: String
    /// The operations that cause it.
    let operations: [String]

    /// What it is called where events have numbers: the end of its id.
    var number: Int64 { Int64(id.suffix(2), radix: 16) ?? 0 }
  }

  let id: String
  let name: String
  let summary: String
  let events: [Event]
  let configuration: [String]
  let votingAttributes: [String]
}

extension PolicyTemplate {
  /// The templates that every profile can use.
  static let catalogue: [PolicyTemplate] = [dataHandling, deviceControl]

  private static let dataHandling = PolicyTemplate(
    id: "01914f3a-5d20-7c41-9a0e-3b6f52c7d801", name: "Information security risk",
    summary: "Asks the verified authenticators before data is stored, read, changed or deleted",
    events: [
      Event(
        id: "01914f3a-5d21-7a10-8f4b-6c1de09a2b01", name: "data_token.data_exchanged",
        label: "Exchange data",
        operations: [
          "data-token.exchange-data-for-token", "data-token.upstream-file-via-stream-auth",
        ]),
      Event(
        id: "01914f3a-5d22-7b3e-a1c5-0f7e4d9b3c02", name: "data_token.data_retrieved",
        label: "Retrieve data", operations: ["data-token.request-data-via-token"]),
      Event(
        id: "01914f3a-5d23-70f6-b2d7-9e8a5c6f4d03", name: "data_token.data_updated",
        label: "Update data", operations: ["data-token.update-data-token"]),
      Event(
        id: "01914f3a-5d24-7e85-83e9-1d2b6a7c5e04", name: "data_token.data_deleted",
        label: "Delete data", operations: ["data-token.delete-data"]),
    ],
    configuration: ["classification", "label", "handling"],
    votingAttributes: ["token", "context"])

  private static let deviceControl = PolicyTemplate(
    id: "01914f3a-5d30-7d52-b81f-4c7a63d8e902", name: "Device control",
    summary: "Asks the verified authenticators before a device is approved or taken away",
    events: [
      Event(
        id: "01914f3a-5d31-7f17-9b60-7d3c8e1b6f01", name: "device.device_approved",
        label: "Approve device", operations: ["device.approve-device"]),
      Event(
        id: "01914f3a-5d32-7428-ac71-8e4d9f2c7a02", name: "device.device_removed",
        label: "Remove device", operations: ["device.remove-device"]),
      Event(
        id: "01914f3a-5d33-7939-bd82-9f5ea03d8b03", name: "storage.storage_removed",
        label: "Remove storage", operations: ["storage.remove-storage"]),
    ],
    configuration: ["label"], votingAttributes: ["deviceIdentifier"])

  /// The id of an event that is named by its id or its number.
  func eventID(_ text: String) -> String? {
    events.first { $0.id == text || "\($0.number)" == text }?.id
  }

  /// The template as an element of a list: events from their names to numbers.
  var row: Value {
    var numbers = ValueMap()
    for event in events { numbers[event.name] = .int(event.number) }
    var row = record.fields ?? ValueMap()
    row["template-identifier"] = .string(id)
    row["events"] = .map(numbers)
    return .map(row)
  }

  /// The template as it is listed: events keyed by their ids, each its name and label.
  var record: Value {
    var listed = ValueMap()
    for event in events {
      var named = ValueMap()
      named[event.name] = .string(event.label)
      listed[event.id] = .map(named)
    }
    return [
      "name": .string(name), "description": .string(summary), "events": .map(listed),
      "configuration": .list(configuration.map { .string($0) }),
      "votingAttributes": .list(votingAttributes.map { .string($0) }),
    ]
  }
}
