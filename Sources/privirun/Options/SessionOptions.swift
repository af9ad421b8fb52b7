import ArgumentParser
import OrderedCollections
import Scaffolds

/// Who a single call acts for.
struct SessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The login name of the profile.", valueName: "name"))
  var username: String?

  @Option(
    help: ArgumentHelp(
      "The password of the profile, as env:VARIABLE or file:PATH; without it, it is prompted for.",
      valueName: "reference"))
  var password: String?

  @Option(
    help: ArgumentHelp(
      "The access token of an application in place of a profile, as env:VARIABLE or file:PATH.",
      valueName: "reference"))
  var accessToken: String?

  @Option(
    help: ArgumentHelp(
      "The refresh token of the application, as env:VARIABLE or file:PATH.", valueName: "reference")
  )
  var refreshToken: String?

  @Option(
    help: ArgumentHelp(
      "When the access token ends, such as 2026-05-01T12:00:00Z.", valueName: "instant"))
  var expiresAt: String?

  /// What is given, by the key of a session in a playbook.
  var given: OrderedDictionary<String, String> {
    var given: OrderedDictionary<String, String> = [:]
    given["username"] = username
    given["password"] = password
    given["access-token"] = accessToken
    given["refresh-token"] = refreshToken
    given["expires-at"] = expiresAt
    return given
  }

  func validate() throws {
    let ofProfile = [("--username", username), ("--password", password)]
    let ofApplication = [
      ("--access-token", accessToken), ("--refresh-token", refreshToken),
      ("--expires-at", expiresAt),
    ]
    guard let profile = ofProfile.first(where: { $0.1 != nil })?.0 else {
      guard accessToken != nil || ofApplication.allSatisfy({ $0.1 == nil }) else {
        throw ValidationError("--refresh-token and --expires-at go with --access-token")
      }
      return
    }
    if let application = ofApplication.first(where: { $0.1 != nil })?.0 {
      throw ValidationError(
        "\(profile) names a profile and \(application) an application: a session is one or the other"
      )
    }
  }

  /// The session of a call of `callable`; throws where it uses none and one is given.
  func session(for callable: Callable) throws(CommandFailure) -> SingleCall.Session {
    if !callable.usesSession, let key = given.keys.first {
      throw CommandFailure(
        .invalid, "`\(callable.id)` uses no session, and --\(key) is given",
        hint: callable.fields[key] == nil
          ? "leave it out" : "give the field as `--with \(key)=…`")
    }
    if accessToken != nil {
      return .application(refreshes: refreshToken != nil, expires: expiresAt != nil)
    }
    return callable.needsSession || !given.isEmpty ? .profile : .none
  }
}
