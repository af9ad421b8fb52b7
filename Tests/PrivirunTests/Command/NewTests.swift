import Foundation
import Testing

@Suite("New playbooks", .timeLimit(.minutes(20)))
struct NewTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a starter is accepted, runs in the sandbox and is not replaced`() async throws {
    let written = try await Program.run("new", "flows/my-flow", in: folder.path)
    #expect(
      written
        == Ended(
          status: 0, output: "wrote flows/my-flow.yaml\nnext: privirun check flows/my-flow.yaml\n"))
    let check = try await Program.run("check", "flows/my-flow.yaml", in: folder.path)
    #expect(check == Ended(status: 0, output: "flows/my-flow.yaml: ok\n"))
    let ended = try await Program.run(
      "run", "flows/my-flow.yaml", "--sandbox", "--input", "username=alice@example.com", "--input",
      "password=env:P", in: folder.path, environment: ["P": "correct-horse-battery"])
    #expect(ended.status == 0)
    #expect(ended.output.contains("my-flow: run "))
    let again = try await Program.run("new", "flows/my-flow.yaml", in: folder.path)
    #expect(
      again
        == Ended(
          status: 2,
          errors: "privirun: `flows/my-flow.yaml` exists already\n"
            + "  hint: give another name, or replace it with `--force`\n"))
    let forced = try await Program.run(
      "new", "flows/my-flow.yaml", "--force", "--quiet", in: folder.path)
    #expect(forced == Ended(status: 0))
  }

  @Test(arguments: ["a b.yml", "- x.yaml", "yes.yaml", "${{ inputs.a }}.yaml", "é\n# .yaml"])
  func `whatever the file is called, the starter is accepted`(name: String) async throws {
    #expect(try await Program.run("new", "--", name, in: folder.path).status == 0)
    let ended = try await Program.run("check", "./\(name)", in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.errors == "")
  }

  @Test func `the next command takes a name with a hyphen for a file`() async throws {
    #expect(
      try await Program.run("new", "--", "-x", in: folder.path)
        == Ended(status: 0, output: "wrote ./-x.yaml\nnext: privirun check ./-x.yaml\n"))
    let check = try await Program.run("check", "./-x.yaml", in: folder.path)
    #expect(check.status == 0)
  }

  @Test(arguments: [
    (["x", "--files", "1"], "--files cannot be given without --from-tenant"),
    (
      ["x", "--write-inputs", "a", "--input", "a=b", "--api-url", "http://localhost"],
      "--write-inputs and --input and --api-url cannot be given without --from-tenant"
    ),
    (["x", "--operation", "a.b", "--from", "c"], "--operation and --from contradict each other"),
    (["--operation", "device.approve-device"], "Missing expected argument '<name>'"),
    (["x", "--from-tenant", "--to", "y"], "--to does not go with --from-tenant"),
    (
      ["x", "--operation", "device.aprove-device", "b.c"],
      "there is no operation `device.aprove-device`\n  there is no operation `b.c`"
    ),
    (["x", "--operation", "device.aprove-device"], "did you mean `device.approve-device`?"),
    ([""], "<name> must not be empty"), (["flows/"], "<name> must name a file, not a folder"),
    (["x", "--to", ""], "--to must not be empty"),
    (["x", "--operation", "websockets.join-channel"], "goes over the WebSocket"),
    (["x", "--from-openapi", "websockets.leave-channel"], "goes over the WebSocket"),
    (["x", "--from", "no-such-workflow"], "there is no workflow `no-such-workflow`"),
    (["x", "--from-tenant", "--files", "10001"], "--files must be 0 to 10000"),
    (["x", "--from-tenant", "--write-inputs", "x.yaml"], "cannot be one file"),
    ([], "Missing expected argument '<name>'"),
  ])
  func `wrong usage is reported`(arguments: [String], complaint: String) async throws {
    let ended = try await Program.run(["new"] + arguments, in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains(complaint))
  }

  @Test func `a playbook from operations passes the strict check and runs`() async throws {
    let written = try await Program.run(
      "new", "devices", "--operation", "device.request-unique-identifier", "device.approve-device",
      in: folder.path)
    #expect(
      written
        == Ended(status: 0, output: "wrote devices.yaml\nnext: privirun check devices.yaml\n"))
    let check = try await Program.run("check", "--strict", "devices.yaml", in: folder.path)
    #expect(check == Ended(status: 0, output: "devices.yaml: ok\n"))
    let again = try await Program.run(
      "new", "devices", "--operation", "device.approve-device", in: folder.path)
    #expect(again.status == 2)
    #expect(again.errors.contains("`devices.yaml` exists already"))
  }

  @Test func `operationIds are taken as generators spell them, and name the file`() async throws {
    let written = try await Program.run(
      "new", "--from-openapi", "deviceApproveDevice", "approve_device", in: folder.path)
    #expect(written.status == 0)
    let text = try String(
      contentsOfFile: "\(folder.path)/deviceApproveDevice.yaml", encoding: .utf8)
    #expect(text.components(separatedBy: "call: device.approve-device").count == 3)
  }

  @Test func `a workflow is copied with what it plays, and files with other content stay`()
    async throws
  {
    let source = "\(PackageFiles.workflows)/onboard-tenant.yaml"
    let written = try await Program.run(
      "new", "acme", "--from", source, "--to", "flows/acme.yaml", in: folder.path)
    #expect(written.status == 0, "\(written)")
    #expect(written.output.contains("with flows/lib/ensure-device.yaml\n"))
    let check = try await Program.run("check", "flows/acme.yaml", in: folder.path)
    #expect(check == Ended(status: 0, output: "flows/acme.yaml: ok\n"))
    let text = try String(contentsOfFile: "\(folder.path)/flows/acme.yaml", encoding: .utf8)
    #expect(text.contains("\nname: acme\n"))
    #expect(text.contains("privirun run flows/acme.yaml"))
    let beside = try await Program.run(
      "new", "other", "--from", source, "--to", "flows/other.yaml", in: folder.path)
    #expect(beside.status == 0)
    try folder.write("mine", to: "flows/lib/ensure-device.yaml")
    let refused = try await Program.run(
      "new", "third", "--from", source, "--to", "flows/third.yaml", in: folder.path)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("`flows/lib/ensure-device.yaml` exists already"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/flows/third.yaml"))
  }
}
