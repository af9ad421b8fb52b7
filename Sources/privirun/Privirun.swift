import ArgumentParser

@main
struct Privirun: AsyncParsableCommand {
}
