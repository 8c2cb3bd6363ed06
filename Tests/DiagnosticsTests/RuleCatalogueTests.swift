import Analysis
import Diagnostics
import Testing

struct RuleCatalogueTests {
  @Test(arguments: Rule.allCases)
  func `every rule has one entry, found by its number and by its name`(rule: Rule) throws {
    let entry = try #require(RuleCatalogue.find(rule.rawValue.lowercased()))
    #expect(entry.rule == rule)
    #expect(RuleCatalogue.find(rule.kind) == entry)
    #expect(!entry.summary.isEmpty && !entry.summary.hasSuffix("."))
    for text in [entry.meaning, entry.example, entry.remedy] {
      #expect(!text.isEmpty && !text.hasSuffix("\n"))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
  }

  @Test func `the rules stand in the order of their numbers`() {
    #expect(RuleCatalogue.all.map(\.number) == Rule.allCases.map(\.rawValue).sorted())
  }

  @Test func `there is no rule of another name`() {
    #expect(RuleCatalogue.find("ST999") == nil)
    #expect(RuleCatalogue.find("") == nil)
  }
}
