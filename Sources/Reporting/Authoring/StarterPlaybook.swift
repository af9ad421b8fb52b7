import Playbooks

/// The playbook that `privirun new` writes: it runs as it is, and its comments say what to change.
package enum StarterPlaybook {
  /// The text of a playbook called `name`, in a file that commands name `file`.
  package static func text(name: String, file: String) -> String {
    let command = ["privirun check \(file)", "privirun run \(file) --sandbox \\"]
      .map { "#   \(AuthoredText.printable($0))" }
    return ([heading] + command + [usage, "name: \(AuthoredText.name(name))", body])
      .joined(separator: "\n")
  }

  private static let heading = """
    # What this playbook does, in a sentence or two.
    #
    """

  private static let usage = """
    #     --input username=alice@example.com --input password=env:PASSWORD
    #
    # `privirun operations` lists what can be called, and explains each operation with its fields.
    playbook: 1
    """

  private static let body = """
    summary: Have a profile with storage devices

    # What the caller gives, as `--input name=value` or in a file as `--inputs FILE`. A secret is never
    # written down: it is given as env:VARIABLE or file:PATH, or typed at a prompt.
    inputs:
      username:
        type: string
        pattern: '[^/\\s]+' # it becomes part of a file's name
        summary: Login name of the profile
      password: { type: secret, summary: Password of the profile }
      devices:
        type: list
        of: string
        default: [vault-a]
        summary: Names of the storage devices
      keyFolder: { type: string, default: .privirun/keys, summary: Where the keys are kept }

    # Who the steps act for. The first step that needs it logs in.
    session:
      username: ${{ inputs.username }}
      password: ${{ inputs.password }}

    steps:
      # A condition that must be true; what is known to be wrong is reported before anything is sent.
      - name: There is a device to enrol
        assert:
          - that: size(inputs.devices) > 0
            message: devices is empty

      # With `ensure: present` a call reads first and creates only what is missing, so that this
      # playbook can be run again.
      - name: Have the profile
        call: profile.register-new-profile
        with:
          username: ${{ inputs.username }}
          password: ${{ inputs.password }}
        session: none
        ensure: present

      # Keys are made once and stay on this machine. Back their files up: nothing replaces them.
      - id: keys
        name: Have the keys
        call: keys.generate
        with:
          privateKeyFile: ${{ inputs.keyFolder }}/${{ inputs.username }}.key
          dataKeyFile: ${{ inputs.keyFolder }}/${{ inputs.username }}.data-key

      # What a step with an `id` returned is `steps.ID`. Between ${{ and }} stands an expression.
      - name: Have the public key registered
        call: public-key.register-public-key
        with: { publicKey: "${{ steps.keys.publicKey }}" }
        ensure: present

      - id: devices
        name: Have the storage devices
        for-each: ${{ inputs.devices }}
        as: name
        steps:
          - id: device
            name: Have a device
            call: device.request-unique-identifier
            with: { deviceName: "${{ name }}" }
            ensure: present

          - name: Have it approved
            call: device.approve-device
            with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
            ensure: present

          - name: Have it store
            call: storage.register-storage-device
            with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
            ensure: present

    # What the run prints at its end, and what a playbook that plays this one gets.
    outputs:
      devices: ${{ steps.devices.map(d, d.device.deviceIdentifier) }}

    """
}
