import Events
import Operations
import OrderedCollections
import Testing

@testable import Reporting

@Suite struct FinalChangeTests {
  @Test(
    arguments: [
      // Plain calls.
      ("device.remove-device", [.remove, .unknown]),
      ("policy.delete-policy", [.remove, .unknown]),
      ("data-token.update-data-token", [.create, .change, .remove, .unknown]),
      ("policy.deactivate-policy", []),
      ("device.approve-device", []),
      ("voting.create-voting", []),
      ("profile.register-new-profile", []),
      // What removes them is final; a change is made by removing and creating them again.
      ("device.request-unique-identifier", [.change, .remove]),
      ("data-token.reserve-token-space", [.change, .remove]),
      ("policy.register-policy", [.change, .remove]),
      // What removes them is not.
      ("storage.register-storage-device", []),
      ("policy.activate-policy", []),
      ("verified-authenticator.register-authenticator", []),
      // Another operation corrects it, and nothing removes it.
      ("verified-authenticator.register-voting-configuration", []),
      ("keys.generate", []),
    ] as [(String, Set<StateChange.Kind>)])
  func `a change is final where what makes it is`(
    operation: String, final: Set<StateChange.Kind>
  ) throws {
    let description = try ForeseenPlan.api.get()
    let found = StateChange.Kind.allCases.filter { description.isFinal(operation, $0) }
    #expect(
      Set(found).intersection(Self.possible(operation, description)) == final, "\(operation)")
  }

  /// The changes that a call of the operation can make; the answer to others means nothing.
  private static func possible(
    _ operation: String, _ description: APIDescription
  ) -> Set<StateChange.Kind> {
    description.operations[operation]?.effect == .remove
      ? [.remove, .unknown] : Set(StateChange.Kind.allCases)
  }
}
