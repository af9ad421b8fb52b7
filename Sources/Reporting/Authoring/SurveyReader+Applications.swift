import Expressions
import OrderedCollections
import Playbooks

/// The applications.
extension SurveyReader {
  mutating func readApplications() {
    guard let applications = records("applications", "applications", of: .applications) else {
      return
    }
    var (doubled, unclear) = ([String](), [String]())
    for (name, group) in named(applications, .applications) {
      // Of several the newest is meant, and only one that is found can be compared.
      let listed: ValueMap = ["applications": .list(group.map { .map($0) })]
      let newest = group.first { record in
        application(name, record).map { isUnchanged($0, in: listed) } ?? false
      }
      guard let newest, let application = application(name, newest) else {
        unclear.append(name)
        continue
      }
      if group.count > 1 { doubled.append(name) }
      snapshot.applications.append(application)
    }
    noteDoubled(doubled, .applications)
    note(.applications, .unclear, unclear)
  }

  private func application(
    _ name: String, _ record: ValueMap
  ) -> TenantSnapshot.Application? {
    guard let redirectURI = record["redirectUri"]?.openText,
      let scopes = record["scopes"]?.openWords
    else { return nil }
    return TenantSnapshot.Application(name: name, redirectURI: redirectURI, scopes: scopes)
  }

  private func isUnchanged(
    _ application: TenantSnapshot.Application, in listed: ValueMap
  ) -> Bool {
    let arguments: ValueMap = [
      "name": .string(application.name), "redirectUri": .string(application.redirectURI),
      "scopes": .list(application.scopes.map { .string($0) }),
    ]
    return calls.unchanged(
      "oauth-application.register-oauth-application", arguments, in: [listed], match: .newest)
      != nil
  }
}
