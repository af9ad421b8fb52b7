import Playbooks

/// What a tenant consists of, as people name it.
package enum TenantPart: String, Sendable, Hashable, CaseIterable {
  case publicKey
  case devices
  case approvals
  case storageDevices
  case authenticators
  case votingSettings
  case votingConfigurations
  case policies
  case activePolicies
  case policyTemplates
  case applications
  case files
}

/// Something of a tenant that is not described, or only in part.
package struct TenantGap: Sendable, Hashable {
  /// Why it is not described.
  package enum Reason: Sendable, Hashable {
    /// The service has no such list.
    case notListed
    /// The service has the read, and it does not show this.
    case notShown
    /// There is no name to find it by.
    case nameless
    /// The name cannot be part of an address, so that no read is about it.
    case unaddressable
    /// Several have the name; the newest is described.
    case doubled
    /// No call describes what the service shows.
    case unclear
    /// It contains something secret.
    case secret
    /// It is not among the devices.
    case unknownDevice
    /// It refers to something by an identifier that only this tenant has.
    case onlyHere
    /// There are more than so many.
    case moreThan(Int)
  }

  /// What it is a part of.
  package var part: TenantPart
  /// Why it is not described.
  package var reason: Reason
  /// The things that are meant, as far as they have names.
  package var names: [String]
  /// How many are meant; 0 for the part as a whole.
  package var count: Int

  /// A gap about things of these names.
  package init(_ part: TenantPart, _ reason: Reason, names: [String]) {
    self.part = part
    self.reason = reason
    self.names = names
    count = names.count
  }

  /// A gap about so many things without a name, or about the part as a whole.
  package init(_ part: TenantPart, _ reason: Reason, count: Int = 0) {
    self.part = part
    self.reason = reason
    self.count = count
    names = []
  }
}

extension TenantGap {
  /// So many names are listed.
  private static let mostNames = 5
  /// So much of a name is shown, in characters.
  private static let longestName = 60

  /// The gap in words, without a full stop; names in quotes, harmless on a terminal and in a comment.
  package var phrase: String {
    let subject = names.isEmpty && count > 0 ? part.counted(count) : part.plural
    return "\(subject)\(namesText): \(explanation)"
  }

  private var namesText: String {
    guard !names.isEmpty else { return "" }
    let shown = names.prefix(Self.mostNames).map { name in
      YAMLWriter.quoted(
        name.count > Self.longestName ? name.prefix(Self.longestName - 1) + "…" : name)
    }
    let rest = names.count - shown.count
    return " \(shown.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")"
  }

  private var explanation: String {
    switch reason {
    case .notListed: "the service has no list of them"
    case .notShown: "the service does not show them"
    case .nameless: "without a name, no call finds them again"
    case .unaddressable: "no request can name them, since that name cannot be part of an address"
    case .doubled: "several have that name; the newest is described"
    case .unclear: "what the service shows of them is not enough for a call"
    case .secret: "a part that is secret is left out"
    case .unknownDevice: "they are not in the list of devices"
    case .onlyHere: "they refer to something by an identifier that only this tenant has"
    case .moreThan(let limit): "there are more than \(limit)"
    }
  }
}

extension TenantPart {
  /// Such as `devices`.
  var plural: String {
    switch self {
    case .publicKey: "public keys"
    case .devices: "devices"
    case .approvals: "approvals of devices"
    case .storageDevices: "storage devices"
    case .authenticators: "authenticators"
    case .votingSettings: "voting settings"
    case .votingConfigurations: "voting configurations"
    case .policies: "policies"
    case .activePolicies: "active policies"
    case .policyTemplates: "policy templates"
    case .applications: "applications"
    case .files: "files"
    }
  }

  private var singular: String {
    switch self {
    case .policies: "policy"
    case .activePolicies: "active policy"
    case .publicKey, .devices, .approvals, .storageDevices, .authenticators, .votingSettings,
      .votingConfigurations, .policyTemplates, .applications, .files:
      String(plural.dropLast())
    }
  }

  /// Such as `1 device` or `3 devices`.
  package func counted(_ count: Int) -> String { "\(count) \(count == 1 ? singular : plural)" }
}
