import Formatting
import Testing

@Suite struct FileKindTests {
  @Test(arguments: [
    "playbook: 1\n", "# about\nname: a\nplaybook:   1 # x\n", "rollout: 1\r\n", "privirun: 2",
    "\u{FEFF}playbook: 1\n", "playbook: 1\nsteps: [\n",
  ])
  func `the line with the version shows a file of privirun`(text: String) {
    #expect(FileKind.isOwn(Array(text.utf8)))
  }

  @Test(arguments: [
    "", "services: {}\n", "playbook: site.yaml\n", "  playbook: 1\n", "- playbook: 1\n",
    "# playbook: 1\n", "playbooks: 1\n",
  ])
  func `any other file may belong to another program`(text: String) {
    #expect(!FileKind.isOwn(Array(text.utf8)))
  }
}
