/// Texts that are frequent in events, the most frequent last.
///
/// Forms of version 3 are compressed with exactly these bytes before them: another list is another
/// version.
extension CommitForm {
  static let dictionary: [UInt8] = Array(frequentTexts.utf8)

  private static let frequentTexts = """
    utility.check-server-health utility.request-command-id-status profile.register-new-profile
    profile.authenticate profile.retrieve-profile-id profile.change-password
    profile.generate-qr-token-for-authorization profile.reauthorize-authorization-token
    profile.revoke-authorization-token profile.retrieve-token-expiry
    oauth-application.register-oauth-application
    oauth-application.retrieve-oauth-app-configuration
    oauth-application.request-oauth-app-authorization-code
    oauth-application.retrieve-oauth-app-authorization-code
    oauth-application.obtain-oauth-app-access-token oauth-application.oauth-application-list
    oauth-application.retrieve-oauth-application-scope
    oauth-application.refresh-oauth-app-access-token
    public-key.generate-your-private-and-public-keys public-key.register-public-key
    public-key.retrieve-public-key public-key.retrieve-cab-public-key
    data-token.reserve-token-space data-token.retrieve-temporary-data-token
    data-token.exchange-data-for-token data-token.upstream-file-via-stream-auth
    data-token.download-data data-token.request-data-via-token
    data-token.configure-information-security-risk-meta data-token.configure-file-meta
    data-token.list-data-tokens data-token.update-data-token data-token.delete-data
    device.configure-device-meta device.reject-device device.remove-device
    storage.synchronize-device storage.remove-storage
    verified-authenticator.retrieve-voting-strategy verified-authenticator.set-quorum-size
    verified-authenticator.set-quorum-strategy verified-authenticator.set-voting-time-limit
    verified-authenticator.set-maximum-voting-attempts
    verified-authenticator.remove-authenticator
    verified-authenticator.register-voting-configuration
    verified-authenticator.update-voting-configuration
    verified-authenticator.retrieve-voting-configuration policy.list-policy-templates
    policy.register-policy policy.list-active-policies policy.list-inactive-policies
    policy.activate-policy policy.deactivate-policy policy.delete-policy
    policy.list-registered-policies voting.create-voting voting.check-pool-status key keys nonce
    plain yes sealed local space title sent consent txt inactive internal original read phone
    reference timeLimit path poll quorumSize events poolId block clientId fileName filtered
    question resolved attempt ballots catalogue client-id permanent file Onboarding deviceName
    rabbitHost rabbitPass rabbitPort rabbitUser decision handling state data policy description
    rabbit-host rabbit-pass rabbit-port rabbit-user expiresAt after found applyingEventIds
    policyTemplateId clientSecret enrol-device strategy size profile /storage/register
    deviceIdentifiers client-secret requested devices pending wait activate-device assert GET
    votingConfigurationId extension context votingAttributes affirmative reservation
    device-identifier vote classification label token listed maximumAttempts play fetched
    /storage/list-storage-devices /device/approve-device deviceUniqueIdentifier contracts
    policy.retrieve-registered-policy configuration POST before socket
    /device/retrieve-profile-devices /device/request-unique-identifier skipped
    /device/retrieve-unique-identifier command device.approve-device request tag meta approval
    voting call verified-authenticator.list-voting-configurations storage.list-storage-devices
    contracts-need-consent commandId roles storage.register-storage-device
    /device/retrieve-device-configuration/{deviceIdentifier}
    verified-authenticator.register-authenticator stored storage
    verified-authenticator.list-verified-authenticators device.request-unique-identifier
    device.retrieve-unique-identifier name gate device.retrieve-device-configuration status
    approved device.retrieve-profile-devices createdAt authenticator stores device
    deviceIdentifier
    """
}
