import Foundation
import Testing

@Suite("Running and its inputs", .timeLimit(.minutes(20)))
struct RunUsageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      playbook: 1
      name: demanding
      inputs:
        secret: { type: secret }
        count: { type: integer }
        document: { type: file, default: document.txt }
      steps:
        - assert: ["inputs.secret != '' && inputs.count > 0 && inputs.document.size > 0"]

      """, to: "demanding.yaml")
    try folder.write("text", to: "document.txt")
    try folder.write(
      "playbook: 1\nname: idle\nsteps: [{call: utility.check-server-health}]\n", to: "idle.yaml")
  }

  private func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) async throws -> Ended {
    try await Program.run(["run"] + arguments, in: folder.path, environment: environment)
  }

  private static let good = ["secret=env:S", "count=1"]

  @Test(arguments: [
    ([], ["the input `secret` is missing", "the input `count` is missing"]),
    (good + ["cuont=1"], ["has no input `cuont`", "did you mean `count`?"]),
    (good + ["count=2"], ["the input `count` is given twice"]),
    (["secret=env:S", "count=many"], ["the input `count` must be an integer, not `many`"]),
    (
      ["secret=in-clear-1", "count=1"],
      ["the input `secret` is secret and must not be given in plain text"]
    ),
    (["secret=env:UNSET", "count=1"], ["the environment variable `UNSET`, which is not set"]),
    (["secret=file:none", "count=1"], ["the file `none` of the input `secret`"]),
    (["secret=file:.", "count=1"], ["the file `.` of the input `secret` is a directory"]),
    (good + ["document=none"], ["the file `none` of the input `document`"]),
    (good + ["document=."], ["the file `.` of the input `document` is a directory"]),
    (
      good + ["novalue", "cuont=1"],
      ["`--input` number 3 is not of the form NAME=VALUE", "has no input `cuont`"]
    ),
  ])
  func `inputs that cannot be used are all reported, and nothing is sent`(
    inputs: [String], complaints: [String]
  ) async throws {
    let ended = try await Program.run(
      ["run", "demanding.yaml", "--sandbox"] + inputs.flatMap { ["--input", $0] },
      in: folder.path, environment: ["S": "planted-secret-1"])
    #expect(ended.status == 2)
    #expect(ended.output == "")
    for complaint in complaints { #expect(ended.errors.contains(complaint)) }
    #expect(!ended.errors.contains("in-clear-1"))
    #expect(!ended.errors.contains("planted-secret-1"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
  }

  @Test(.disabled(if: getuid() == 0, "the superuser may read everything"))
  func `a file that may not be read is reported`() async throws {
    #expect(chmod("\(folder.path)/document.txt", 0) == 0)
    let ended = try await run(
      "demanding.yaml", "--sandbox", "--input", "secret=env:S", "--input", "count=1",
      environment: ["S": "s"])
    #expect(ended.status == 2)
    #expect(ended.errors.contains("permission denied"))
  }

  @Test func `inputs may come from a file, whose faults have a place`() async throws {
    try folder.write("secret: env:S\ncount: 3\n", to: "inputs.yaml")
    let good = try await run(
      "demanding.yaml", "--sandbox", "--inputs", "inputs.yaml", environment: ["S": "s"])
    #expect(good.status == 0)
    try folder.write("secret: env:S\ncount: many\n", to: "bad.yaml")
    let bad = try await run(
      "demanding.yaml", "--sandbox", "--inputs", "bad.yaml", environment: ["S": "s"])
    #expect(bad.status == 2)
    #expect(bad.errors.hasPrefix("bad.yaml:2:8: error[P"))
    for (file, complaint) in [
      ("none.yaml", "the inputs file `none.yaml` does not exist"),
      (".", "the inputs file `.` is a directory"),
    ] {
      let ended = try await run("demanding.yaml", "--sandbox", "--inputs", file)
      #expect(ended.status == 2)
      #expect(ended.errors.contains(complaint))
    }
  }

  @Test(arguments: [
    ([], "privirun: no service address is given\n"),
    (["--api-url", "ftp://x"], "error[P1002]: the API address does not begin with `http://`"),
    (["--api-url", "http://"], "error[P1002]: the API address"),
    (
      ["--api-url", "http://127.0.0.1:1", "--ws-url", "http://x"],
      "error[P1002]: the WebSocket address"
    ),
    (
      ["--api-url", "http://127.0.0.1:1", "--ca-file", "none.pem"],
      "privirun: the certificates file `none.pem` does not exist"
    ),
    (
      ["--api-url", "http://127.0.0.1:1", "--ca-file", "idle.yaml"],
      "error[P1004]: the file `idle.yaml` holds no readable PEM"
    ),
    (
      ["--sandbox", "--api-url", "http://127.0.0.1:1", "--ws-url", "ws://127.0.0.1:1"],
      "Error: --sandbox starts a service of its own, so --api-url and --ws-url cannot"
    ),
    (["--sandbox", "--api", "none.yaml"], "privirun: the description `none.yaml` does not exist"),
    (["--sandbox", "--journal", "/dev/null/x"], "privirun: the journal"),
  ])
  func `a service that cannot be meant is reported, and nothing is sent`(
    options: [String], complaint: String
  ) async throws {
    let ended = try await Program.run(["run", "idle.yaml"] + options, in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.hasPrefix(complaint))
  }

  @Test func `a service that cannot be reached is named, and the exit code is its own`()
    async throws
  {
    try await DeafPort.held { port in
      let address = "http://127.0.0.1:\(port)"
      let ended = try await run("idle.yaml", "--api-url", address)
      #expect(ended.status == 5)
      #expect(ended.output.contains("\(address) refused the connection"))
      let quiet = try await run("idle.yaml", "--api-url", address, "--quiet")
      #expect(quiet.status == 5)
      #expect(quiet.output == "")
      #expect(quiet.errors.contains("\(address) refused the connection"))
    }
  }

  @Test func `a service that does not speak TLS counts as not reached`() async throws {
    try await HostileServer.serving { _ in
      .json("{}")
    } body: { server in
      let address = server.address.replacing("http:", with: "https:")
      let ended = try await run("idle.yaml", "--api-url", address)
      #expect(ended.status == 5)
      #expect(ended.output.contains("does the service speak TLS at this port?"))
    }
  }

  @Test func `a connection that breaks is a failed run, not an unreachable service`()
    async throws
  {
    try await HostileServer.serving { _ in
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
    } body: { server in
      let ended = try await run("idle.yaml", "--api-url", server.address)
      #expect(ended.status == 1)
      #expect(ended.output.contains("closed the connection before its answer was whole"))
    }
  }

  @Test func `verbose, HTTP and WebSocket traffic is printed on standard error, and no secret`()
    async throws
  {
    try folder.write(
      """
      playbook: 1
      name: talk
      inputs: { password: { type: secret } }
      steps:
        - id: profile
          call: profile.register-new-profile
          with: { username: u, password: "${{ inputs.password }}" }
        - call: profile.authenticate
          with: { username: u, password: "${{ inputs.password }}" }

      """, to: "talk.yaml")
    let ended = try await Program.run(
      [
        "run", "talk.yaml", "--sandbox", "--verbose", "--output", "json", "--input",
        "password=env:P",
      ],
      in: folder.path, environment: ["P": "planted-Password-9f3a"])
    #expect(ended.status == 0)
    let wire = ended.errors.split(separator: "\n")
    #expect(wire.allSatisfy { $0.hasPrefix("wire ") })
    #expect(
      wire.first?.firstMatch(of: /^wire \d+ ms: #\d+ POST http:\/\/127\.0\.0\.1:\d+\//) != nil)
    #expect(wire.contains { $0.contains("HTTP 202 application/json") && $0.contains(", after ") })
    #expect(wire.contains { $0.contains("/request-status/") })
    #expect(!ended.errors.contains("planted"))
    #expect(try JSONLines.objects(ended.output).last?["outcome"] as? String == "succeeded")
  }

  @Test func `a port that is taken is reported`() async throws {
    try await HostileServer.serving { _ in
      .json("{}")
    } body: { server in
      let ended = try await Program.run(
        "sandbox", "--api-port", "\(server.port)", in: folder.path)
      #expect(ended.status == 2)
      #expect(ended.output == "")
      #expect(
        ended.errors == """
          privirun: The sandbox cannot listen on 127.0.0.1:\(server.port) for its api address: \
          another program listens there.
            hint: name another port, or 0 to take a free one

          """)
    }
  }
}
