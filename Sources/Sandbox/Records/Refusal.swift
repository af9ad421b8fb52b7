/// A business rule that a command breaks, by the key that clients receive.
struct Refusal: Error, Sendable, Hashable {
  let key: String

  static let notAnOwner = Refusal(key: "profile.not_an_owner")
  static let deviceNotFound = Refusal(key: "device.not_found")
  static let deviceOffline = Refusal(key: "device.offline")
  static let deviceNotApproved = Refusal(key: "device.not_approved")
}
