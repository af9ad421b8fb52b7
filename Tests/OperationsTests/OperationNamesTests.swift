import Operations
import Testing

@Suite struct OperationNamesTests {
  private static let names = [
    "device.approve-device", "device.remove-device", "policy.approve-policy", "keys.load",
  ]

  @Test(arguments: [
    ("device.aprove-device", "did you mean `device.approve-device`?"),
    ("approve-device", "did you mean `device.approve-device`?"),
    ("approve", "did you mean one of `device.approve-device`, `policy.approve-policy`?"),
    ("device.aprove", "did you mean `device.approve-device`?"),
    ("device.remove", "did you mean `device.remove-device`?"),
    ("zz", nil), ("", nil), (".", nil),
  ])
  func `an operation is suggested by what people remember of its name`(
    written: String, hint: String?
  ) {
    #expect(OperationNames.suggestion(for: written, among: Self.names) == hint)
  }
}
