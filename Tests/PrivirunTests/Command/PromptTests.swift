import Foundation
import Glibc
import Testing

@Suite("The prompt for a secret")
struct PromptTests {
  private static let playbook = """
    playbook: 1
    inputs: { password: { type: secret, summary: "The\\e[31m password" } }
    session: { username: u, password: "${{ inputs.password }}" }
    steps: [{ call: data-token.list-data-tokens }]
    """

  /// Starts a program that asks for the password on `terminal`; returns it once it asks.
  private static func asking(_ terminal: Terminal, in folder: TemporaryFolder) throws -> pid_t {
    try folder.write(playbook, to: "main.yaml")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_adddup2(&actions, terminal.slave, descriptor)
    }
    let words = [
      Program.path, "run", "\(folder.path)/main.yaml", "--journal", "\(folder.path)/j.sqlite",
      "--api-url", "http://127.0.0.1:9",
    ]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    var variables: [UnsafeMutablePointer<CChar>?] = [nil]
    let problem = posix_spawn(&process, words[0], &actions, nil, &arguments, &variables)
    try #require(problem == 0)
    let question = "password (The\\u{1b}[31m password), not shown while you type: "
    try #require(terminal.waits(for: question))
    return process
  }

  /// The exit code, or the negated number of the signal that ended it.
  private static func ending(of process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }

  private static let endings: [(signal: Int32, ending: Int32)] = [
    (SIGINT, 4), (SIGTERM, 4), (SIGHUP, 4), (SIGQUIT, 4), (SIGUSR1, -SIGUSR1),
    (SIGALRM, -SIGALRM), (SIGABRT, -SIGABRT), (SIGXCPU, -SIGXCPU),
  ]

  @Test(arguments: endings)
  func `a program that a signal ends leaves a terminal that shows what is typed`(
    signal: Int32, ending: Int32
  ) throws {
    let folder = try TemporaryFolder()
    let terminal = try Terminal()
    let process = try Self.asking(terminal, in: folder)
    #expect(!terminal.echoes)
    kill(process, signal)
    #expect(Self.ending(of: process) == ending)
    #expect(terminal.echoes)
  }
}
