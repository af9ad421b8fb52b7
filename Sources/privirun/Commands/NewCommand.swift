import ArgumentParser
import Diagnostics
import Events
import Expressions
import Files
import FoundationEssentials
import Operations
import Planning
import Reporting
import Scaffolds

struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract:
      "Write a playbook: a starter, from chosen operations, from another one, or from a tenant.",
    discussion: """
      Without an option, the playbook is a starter with comments, which runs as it is.

      With --operation, it calls these operations, in this order: with an input for every field that is \
      required, unless an operation before returns it; what can be ensured is ensured. --from-openapi \
      takes operationIds, also as code generators spell them. The playbook passes `check --strict`.

      With --from, it is a copy of a shipped workflow or of any playbook, with everything that it plays.

      With --from-tenant, the service is read, and nothing is changed there: devices with their \
      approval and roles, voting settings and configurations, policies, applications and stored \
      files. The playbook has an ensured call for each of them, and its inputs are in a file of their \
      own, so that a run for that tenant finds everything unchanged. Passwords, keys, payloads and \
      credentials of applications are in neither file.

        privirun new my-flow
        privirun new approve --operation device.request-unique-identifier device.approve-device
        privirun new --from-openapi deviceApproveDevice
        privirun new acme --from onboard-tenant --to acme/onboard.yaml
        privirun new tenant.yaml --from-tenant --api-url http://localhost:8009 \\
          --input username=alice@example.com --input password=env:ALICE_PASSWORD
      """)

  @Argument(
    help: """
      The file of the playbook; without an extension it gets `.yaml`. With --to, only the playbook's name. \
      May be left out with --from-openapi.
      """,
    completion: .file(extensions: ["yaml", "yml"]))
  var name: String?

  @OptionGroup var source: ScaffoldOptions

  @Flag(help: "Read a tenant, and describe it.")
  var fromTenant = false

  @Option(
    help: ArgumentHelp(
      "Where the inputs of a tenant are written; default: NAME.inputs.yaml.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var writeInputs: String?

  @Option(
    help: ArgumentHelp(
      "Describe the stored files of a tenant unless there are more than this; 0: none. A run looks "
        + "each of them up in the list of all.", valueName: "count"))
  var files = Self.usualFiles

  @Flag(help: "Replace files that exist.")
  var force = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  @Flag(help: "Trace HTTP and WebSocket traffic on standard error.")
  var verbose = false

  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Inputs") var inputs: InputOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions

  private static let usualFiles = 100
  private static let mostFiles = 10_000

  func validate() throws {
    guard (0...Self.mostFiles).contains(files) else {
      throw ValidationError("--files must be 0 to \(Self.mostFiles)")
    }
    try source.validate(with: name, fromTenant ? "--from-tenant" : nil)
    guard !fromTenant else { return }
    let isScaffold = !source.operations.isEmpty || source.from != nil
    let given =
      [
        ("--write-inputs", writeInputs != nil), ("--files", files != Self.usualFiles),
        ("--verbose", verbose),
        ("--input", !inputs.inputs.isEmpty), ("--inputs", !inputs.files.isEmpty),
        ("--api", description.api != nil && !isScaffold),
      ].filter(\.1).map(\.0) + environment.given + service.given
    guard given.isEmpty else {
      throw ValidationError(
        "\(given.joined(separator: " and ")) cannot be given without --from-tenant")
    }
  }

  func run() async throws {
    let name = name ?? source.usualName
    let path = Self.withExtension(try CommandPath.expand(source.to ?? name))
    // Commands would take it for an option.
    let file = path.hasPrefix("-") ? "./\(path)" : path
    let title = source.to == nil ? Self.stem(of: file) : Self.stem(of: name)
    guard fromTenant else { return try write(title, to: file) }
    try ResourceLimit.prepareDescriptors()
    let inputsFile = try writeInputs.map(CommandPath.expand) ?? Self.inputsFile(beside: file)
    guard inputsFile != file else {
      throw CommandFailure(.invalid, "the playbook and its inputs cannot be one file")
    }
    for path in [file, inputsFile] { try refuseExisting(path) }
    let choice = try environment.choice(ProcessInfo.processInfo.environment)
    let (snapshot, origin) = try await read(choice)
    let files = AdoptedFiles(
      playbook: file, inputs: inputsFile, arguments: arguments(inputsFile, choice))
    try files.write(snapshot, from: origin, isForced: force)
    if !quiet { StandardStream.output.write(files.report(on: snapshot)) }
  }

  /// Writes the playbook called `title` that is a starter, a scaffold or a copy.
  private func write(_ title: String, to file: String) throws {
    try refuseExisting(file)
    var remarks: [String] = []
    if let from = source.from {
      let checking = PlaybookChecking(
        api: try description.load(), report: { StandardStream.report($0, quoting: $1) })
      let copy = try WorkflowCopy(
        of: try WorkflowSearch.path(of: from), named: title, to: file, by: checking)
      try copy.write(isForced: force)
      remarks = copy.others.map { "with \($0)" } + copy.remarks.map { "note: \($0)" }
    } else if !source.operations.isEmpty {
      let api = try description.load()
      let scaffold = Scaffold(
        named: title, in: ShellWords.line([file]), calling: try source.callables(in: api), api: api)
      try WrittenFile.write(scaffold.text, to: file, .shared)
    } else {
      let text = StarterPlaybook.text(name: title, file: ShellWords.line([file]))
      try WrittenFile.write(text, to: file, .shared)
    }
    guard !quiet else { return }
    let lines =
      ["wrote \(file)"] + remarks + ["next: \(ShellWords.line(["privirun", "check", file]))"]
    StandardStream.output.write(lines.map { "\($0)\n" }.joined())
  }

  private func refuseExisting(_ path: String) throws {
    guard !force, FileStatus.exists(path) else { return }
    throw CommandFailure(
      .invalid, FileError(path, .exists).description,
      hint: "give another name, or replace it with `--force`")
  }
}

/// Reading the tenant.
extension NewCommand {
  /// What the tenant has, and the service that showed it with the day.
  private func read(_ choice: EnvironmentChoice) async throws -> (TenantSnapshot, String) {
    let environment = ProcessInfo.processInfo.environment
    let api = try description.load()
    let clock = try WallClock()
    let reading = TenantReading(
      api: api,
      run: UnrecordedRun(environment: environment, trace: trace(environment)),
      mostFiles: files)
    let (survey, texts) = try reading.survey(TenantSurvey.whole)
    var (plan, _) = try inputs.plan(
      survey, quoting: texts, environment, in: choice.selected,
      report: { StandardStream.report($0, quoting: $1) })
    let target = try ServiceSettings(options: service, choice: choice, isQuiet: quiet).target(
      for: plan, environment: environment)
    plan.plainSecrets += target.secrets
    let settled = plan
    let (answers, origin) = try await target.withTransport { transport, origins in
      (
        try await reading.perform(settled, over: transport),
        origins?.api ?? ""
      )
    }
    let snapshot = TenantSnapshot(
      username: settled.inputs["username"]?.text ?? "", outputs: answers.outputs,
      pages: answers.pages, api: api)
    return (snapshot, "\(origin) on \(clock.now().calendarTime.dateText)")
  }

  private func trace(_ environment: [String: String]) -> (@Sendable (String) -> Void)? {
    guard verbose else { return nil }
    let style = TerminalStyle(environment: environment, allowsColor: false)
    return { StandardStream.error.post(style.printable($0) + "\n") }
  }

  /// What follows the playbook in a command that runs it.
  private func arguments(_ inputsFile: String, _ choice: EnvironmentChoice) -> [String] {
    let password = inputs.inputs.last { argument in
      ["env:", "file:"].contains { argument.hasPrefix("password=\($0)") }
    }
    return ["--inputs", inputsFile, "--input", password ?? "password=env:PASSWORD"]
      + choice.arguments + service.arguments
  }

  private static func withExtension(_ path: String) -> String {
    ["yaml", "yml"].contains(UserPath.fileExtension(of: path).lowercased())
      ? path : "\(path).yaml"
  }

  private static func inputsFile(beside playbook: String) -> String {
    let ending = UserPath.fileExtension(of: playbook)
    return "\(playbook.dropLast(ending.count + 1)).inputs.\(ending)"
  }

  /// The name of a file without its folders and its extension.
  static func stem(of path: String) -> String {
    let ending = UserPath.fileExtension(of: path)
    return String(UserPath.name(of: path).dropLast(ending.isEmpty ? 0 : ending.count + 1))
  }
}
