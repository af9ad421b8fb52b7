/// The steps of the playbook, a text for each part; each ends with a newline.
extension AdoptedTenant {
  static let profile = """
      - name: Have the profile
        call: profile.register-new-profile
        with:
          username: ${{ inputs.username }}
          password: ${{ inputs.password }}
        session: none
        ensure: present

    """

  static let publicKey = """
      # The service never shows the private key, and a lost one cannot be replaced: what was stored
      # under its public key would be lost. Where it is on this machine, it is checked.
      - id: keys
        name: Load the private key
        when: inputs.privateKeyFile != ''
        call: keys.load
        with:
          privateKeyFile: ${{ inputs.privateKeyFile }}
          tag: ${{ inputs.publicKey.substring(0, 8) }}

      - name: The private key fits
        when: inputs.privateKeyFile != ''
        assert:
          - that: steps.keys.publicKey.lowerAscii() == inputs.publicKey.lowerAscii()
            message: >-
              ${{ inputs.privateKeyFile }} is not the private key of the registered public key

      # A key that differs from the registered one is never replaced: this fails.
      - name: Have the public key registered
        call: public-key.register-public-key
        with: { publicKey: "${{ inputs.publicKey }}" }
        ensure: present

    """

  var devices: String {
    """
      # What is not listed here and has the name of a device whose response was lost, is that device.
      - name: List the devices
        call: device.retrieve-profile-devices

      - id: devices
        name: Have the devices
        for-each: ${{ inputs.devices }}
        as: wanted
        concurrency: 3
        steps:
          - id: device
            name: Have a device
            call: device.request-unique-identifier
            with: { deviceName: "${{ wanted.name }}" }
            ensure: present
    \(match(.devices))
          - name: Have it approved
            when: wanted.approved
            call: device.approve-device
            with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
            ensure: present

          - name: Have it store
            when: "'storage' in wanted.roles"
            call: storage.register-storage-device
            with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
            ensure: present

          - name: Have it vote
            when: "'authenticator' in wanted.roles"
            call: verified-authenticator.register-authenticator
            with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
            ensure: present

    """
  }

  /// How votes are decided, a text for each setting that is known.
  var settings: [String] {
    let settings = snapshot.votingSettings
    let all = [
      settings.quorumSize == nil
        ? nil
        : """
          - name: Have the quorum size
            call: verified-authenticator.set-quorum-size
            with: { size: "${{ inputs.quorumSize }}" }
            ensure: present

        """,
      settings.strategy == nil
        ? nil
        : """
          - name: Have the strategy
            call: verified-authenticator.set-quorum-strategy
            with: { strategy: "${{ inputs.strategy }}", strategy_params: "${{ inputs.share }}" }
            ensure: present

        """,
      settings.timeLimit == nil
        ? nil
        : """
          - name: Have the time limit
            call: verified-authenticator.set-voting-time-limit
            with: { timeLimit: "${{ inputs.timeLimit }}" }
            ensure: present

        """,
      settings.attempts == nil
        ? nil
        : """
          - name: Have the number of attempts
            call: verified-authenticator.set-maximum-voting-attempts
            with: { numberOfAttempts: "${{ inputs.attempts }}" }
            ensure: present

        """,
    ]
    return all.compactMap(\.self)
  }

  var applications: String {
    """
      - name: List the applications
        call: oauth-application.oauth-application-list

      # One that differs cannot be changed by a call: this fails. The credentials of a new one are given
      # once only; register-application.yaml keeps them.
      - name: Have the applications
        for-each: ${{ inputs.applications }}
        as: wanted
        steps:
          - name: Have an application
            call: oauth-application.register-oauth-application
            with:
              name: ${{ wanted.name }}
              redirectUri: ${{ wanted.redirectUri }}
              scopes: ${{ wanted.scopes }}
            ensure: present
    \(match(.applications))
    """
  }

  /// Which of several things of one name is meant; a blank line where there is only one of each.
  func match(_ part: TenantPart) -> String {
    guard snapshot.doubled.contains(part) else { return "" }
    return """
              # Some names are not unique: the thing that was created last is meant.
              match: newest

      """
  }
}
