import EventSamples
import Foundation
import Testing

/// Rollouts against a sandbox in a process of its own.
@Suite("Rollouts against a service", .timeLimit(.minutes(20)))
struct RolloutRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The counts with which a rollout ended.
  private func counts(_ events: [[String: Any]]) throws -> [String: Int] {
    let last = try #require(events.last)
    #expect(last["type"] as? String == "rollout-finished")
    return try #require(last["counts"] as? [String: Int])
  }

  @Test func `a folder of outputs that does not exist is warned of, and then refused`() async throws
  {
    let folder = try RolloutFolder(["good"], "outputs: x/../out/outputs.csv")
    let checked = try await folder.run("rollout", "check", "rollout.yaml")
    #expect(checked.status == 0)
    #expect(checked.errors.contains("rollout.yaml:6:10: warning[P0126]: "), "\(checked.errors)")
    let run = try await folder.run("rollout", "run", "rollout.yaml", "--quiet")
    #expect(run.status != 0)
    for errors in [checked.errors, run.errors] {
      let words =
        #/outputs cannot be written to (/.+)/outputs\.csv: the folder (/.+) does not exist/#
      let found = try #require(errors.firstMatch(of: words), "\(errors)")
      #expect(found.1 == found.2 && found.1.hasSuffix("/out") && !found.1.contains(".."))
    }
    for name in ["x", "out"] { try folder.folder.write("", to: "\(name)/other") }
    let valid = try await folder.run("rollout", "check", "rollout.yaml")
    #expect(!valid.errors.contains("warning"), "\(valid.errors)")
  }

  @Test(arguments: ["cat kinds.yaml | $0 run -", "$0 run <(cat kinds.yaml)"])
  func `a rollout of a playbook from a pipe has the name of the playbook`(words: String)
    async throws
  {
    let rollout = try RolloutFolder(["good"])
    try rollout.folder.write(
      "playbook: 1\nname: from-a-pipe\nsteps: [{ assert: 'true' }]\n", to: "kinds.yaml")
    try rollout.folder.write("name\na\n", to: "tenants.csv")
    let ended = try await Program.shell(
      "\(words) --tenants tenants.csv --output plain", in: rollout.folder.path)
    #expect(ended.status == 0, "\(ended.errors)")
    let status = try await rollout.run("rollout", "status", "from-a-pipe", "--output", "json")
    #expect(try RecordedStatus(status.output).counts == ["succeeded": 1])
  }

  @Test func `each tenant is registered once, and the events are those of the schema`()
    async throws
  {
    try await SeparateSandbox.serving(in: folder.path) { sandbox in
      let rollout = try RegistrationRollout(folder, at: sandbox)
      let events = try await rollout.events()
      #expect(try counts(events) == ["succeeded": 3])
      let schema = try SchemaCheck(named: "event.schema.json")
      for event in events { #expect(schema.complaints(about: event) == []) }
      // Everything but what is about the rollout itself names the tenant.
      for event in events {
        let isOfRollout = (event["type"] as? String)?.hasPrefix("rollout-") ?? false
        #expect((event["tenantName"] != nil) != isOfRollout)
      }
      #expect(
        Set(events.compactMap { $0["tenantName"] as? String }) == Set(RegistrationRollout.names))
      let first = try await sandbox.ledger()
      #expect(first.effects["profile.register-new-profile"] == 3)

      #expect(try counts(try await rollout.events()) == ["unchanged": 3])
      let second = try await sandbox.ledger()
      #expect(second.effects["profile.register-new-profile"] == 3)
      #expect(second.violations == 0)
    }
  }

  @Test func `the short form and the selecting options act on some of the tenants`() async throws {
    try await SeparateSandbox.serving(in: folder.path) { sandbox in
      let rollout = try RegistrationRollout(folder, at: sandbox)
      let short = try await rollout.run(
        "run", "register.yaml", "--tenants", "tenants.csv", "--exclude", "b*", "--output", "json")
      #expect(short.status == 0)
      #expect(try counts(try JSONLines.objects(short.output)) == ["succeeded": 2])
      #expect(try counts(try await rollout.events("--only", "birch")) == ["succeeded": 1])
      #expect(try counts(try await rollout.events()) == ["unchanged": 3])
      let listed = try await rollout.run("rollout", "list", "--output", "json")
      let schema = try SchemaCheck(named: "rollouts.schema.json")
      #expect(try schema.complaints(aboutDocument: listed.output) == [])
      #expect(
        try RecordedStatus.object(listed.output).list("rollouts").map { $0["name"] as? String }
          == ["registration", "registration", "register"])
    }
  }

  @Test func `tenants of the last rollout that are gone are named`() async throws {
    let rollout = try RolloutFolder(["ok", "ok", "ok"])
    #expect(try await rollout.run("rollout", "run", "rollout.yaml").status == 0)
    try rollout.setTenants(["ok"])
    let ended = try await rollout.run("rollout", "run", "rollout.yaml")
    #expect(ended.status == 0)
    #expect(
      ended.errors
        == "privirun: 2 tenants of the last rollout `kinds` are not in tenants.csv any more: t1, t2\n"
    )
  }

  @Test(arguments: ["out.csv", "out.jsonl"])
  func `outputs leave secrets out, and are read as a tenants file`(name: String) async throws {
    try await SeparateSandbox.serving(in: folder.path) { sandbox in
      let rollout = try RegistrationRollout(folder, at: sandbox, outputs: name)
      #expect(try counts(try await rollout.events()) == ["succeeded": 3])
      let expected =
        name == "out.csv"
        ? """
        "name","username","password"\r
        "acme","ops@acme.example",""\r
        "birch","it@birch.example",""\r
        "cedar","it@cedar.example",""\r

        """
        : """
        {"name":"acme","username":"ops@acme.example"}
        {"name":"birch","username":"it@birch.example"}
        {"name":"cedar","username":"it@cedar.example"}

        """
      #expect(try rollout.text(name) == expected)
      let again = try await rollout.run(
        "run", "register.yaml", "--tenants", name, "--input", "password=file:{name}.secret",
        "--output", "json")
      #expect(again.status == 0, "\(again.errors)")
      #expect(try counts(try JSONLines.objects(again.output)) == ["unchanged": 3])
    }
  }

  @Test func `a tenant that fails is not among the outputs`() async throws {
    let rollout = try RolloutFolder(["ok", "bad", "file"], "outputs: out.csv")
    #expect(try await rollout.run("rollout", "run", "rollout.yaml").status == 1)
    let path = "\(rollout.folder.path)/out.csv"
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "\"name\",\"kind\"\r\n\"t0\",\"ok\"\r\n")
    try rollout.folder.write("here", to: "needed.txt")
    #expect(try await rollout.run("rollout", "retry", "latest", "--failed").status == 1)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "\"name\",\"kind\"\r\n\"t0\",\"ok\"\r\n\"t2\",\"file\"\r\n")
  }

  @Test func `secrets are nowhere but in the files that hold them`() async throws {
    try await SeparateSandbox.serving(in: folder.path) { sandbox in
      let rollout = try RegistrationRollout(folder, at: sandbox)
      // One that fails: the service repeats what it was sent.
      try folder.write(RegistrationRollout.secrets[1] + "-wrong", to: "birch.secret")
      _ = try await rollout.run(
        "rollout", "plan", "rollout.yaml", "--save", "saved.plan", "--output", "json")
      var texts: [String] = []
      func add(_ ended: Ended) { texts += [ended.output, ended.errors] }
      add(try await rollout.run("rollout", "run", "rollout.yaml", "--output", "plain", "--verbose"))
      try folder.write(RegistrationRollout.secrets[1], to: "birch.secret")
      add(try await rollout.run("rollout", "run", "rollout.yaml", "--output", "json"))
      add(try await rollout.run("rollout", "status", "latest", "--output", "json"))
      for format in ["html", "json", "junit", "markdown", "csv"] {
        add(try await rollout.run("report", "latest", "--format", format))
      }
      for tenant in RegistrationRollout.names {
        let runs = try await rollout.run("runs", "--tenant", tenant, "--output", "json")
        let run = try #require(
          try RecordedStatus.object(runs.output).list("runs").first?["run"] as? String)
        add(try await rollout.run("show", run))
        add(try await rollout.run("show", run, "--output", "json"))
        add(try await rollout.run("report", run, "--format", "html"))
      }
      let forms = RegistrationRollout.secrets.flatMap { SecretForms.all(of: Data($0.utf8)) }
      for text in texts {
        for form in forms { #expect(Data(text.utf8).range(of: form) == nil, "\(text)") }
      }
      var files = try folder.bytes(below: ".privirun")
      for name in ["out.csv", "saved.plan"] {
        files[name] = try? Data(contentsOf: URL(filePath: "\(folder.path)/\(name)"))
      }
      #expect(files.count >= 3)
      for (name, bytes) in files {
        for form in forms { #expect(bytes.range(of: form) == nil, "\(name)") }
      }
      let plain = try PlainJournal.forms(at: "\(folder.path)/.privirun/journal.sqlite")
      #expect(plain.count > 1000)
      for form in forms { #expect(plain.range(of: form) == nil) }
    }
  }

  @Test func `a saved plan is kept to, and a tenant that moved since is refused`() async throws {
    try await SeparateSandbox.serving(in: folder.path) { sandbox in
      let rollout = try RegistrationRollout(folder, at: sandbox)
      let saved = try await rollout.run("rollout", "plan", "rollout.yaml", "--save", "r.plan")
      #expect(saved.status == 0, "\(saved.errors)")
      #expect(saved.output.contains("3 of 3 tenants have something to do"))
      let one = try await rollout.run("rollout", "run", "rollout.yaml", "--only", "acme")
      #expect(one.status == 0)
      let kept = try await rollout.run(
        "rollout", "run", "rollout.yaml", "--plan", "r.plan", "--output", "json")
      #expect(kept.status == 1)
      #expect(
        try counts(try JSONLines.objects(kept.output)) == ["failed": 1, "succeeded": 2])
      let refused = try JSONLines.objects(kept.output)
        .filter { $0["type"] as? String == "rollout-tenant-refused" }
      #expect(refused.map { $0["tenant"] as? String } == ["acme"])
      #expect(refused.allSatisfy { ($0["reason"] as? String)?.contains("\n") == false })
      #expect(try await sandbox.ledger().effects["profile.register-new-profile"] == 3)
    }
  }
}
