import Foundation
import Formats
import Reports
import Results
import Testing

/// What the tables of a folder hold.
private struct WrittenTables {
  let files: [String: (header: [String], rows: [[String]])]
  let texts: [String: String]
  /// Columns by file, as `schema.json` names them.
  let described: [String: [(name: String, type: String, unit: String?)]]
  let version: Int?

  init(_ fixture: Fixture) throws {
    (files, texts, described, version) = try withFolder { folder in
      try fixture.write(to: folder)
      let names = try Report(folder: folder.path).write().filter { $0.hasPrefix("tables/") }
      var files: [String: (header: [String], rows: [[String]])] = [:]
      var texts: [String: String] = [:]
      for name in names where name.hasSuffix(".csv") {
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        let table = try CSVTable(Array(text.utf8))
        let file = String(name.dropFirst("tables/".count))
        texts[file] = text
        files[file] = (table.header, table.rows.map(\.fields))
      }
      let data = try Data(contentsOf: folder.appendingPathComponent("tables/schema.json"))
      let document = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      var described: [String: [(name: String, type: String, unit: String?)]] = [:]
      for table in try #require(document["tables"] as? [[String: Any]]) {
        let columns = try #require(table["columns"] as? [[String: Any]])
        described[try #require(table["file"] as? String)] = columns.map {
          ($0["name"] as? String ?? "", $0["type"] as? String ?? "", $0["unit"] as? String)
        }
      }
      return (files, texts, described, document["version"] as? Int)
    }
  }

  func numbers(_ file: String, _ column: String) throws -> [Double?] {
    let table = try #require(files[file])
    let index = try #require(table.header.firstIndex(of: column), "\(column) in \(table.header)")
    return table.rows.map { Double($0[index]) }
  }
}

@Suite("Tables for other programs")
struct TableTests {
  @Test("schema.json names every column of every table, in order, with its type, and a version")
  func described() throws {
    let tables = try WrittenTables(.large)
    #expect(tables.files.count > 15 && tables.version == 2)
    #expect(Set(tables.files.keys) == Set(tables.described.keys))
    for (file, table) in tables.files {
      #expect(tables.described[file]?.map(\.name) == table.header, "\(file)")
      #expect(Set(table.header).count == table.header.count, "\(file): \(table.header)")
    }
  }

  @Test("columns of numbers hold numbers, named after their one unit, and no sign but the keyboard's")
  func units() throws {
    let tables = try WrittenTables(.large)
    for (file, table) in tables.files {
      for (i, column) in try #require(tables.described[file]).enumerated() where column.type == "number" {
        for row in table.rows {
          #expect(row[i].isEmpty || Double(row[i]) != nil, "\(file), \(column.name): \(row[i])")
        }
        let quantity = column.name.replacing("_ci_low", with: "").replacing("_ci_high", with: "")
        if let unit = column.unit { #expect(quantity.hasSuffix("_\(unit)"), "\(file): \(column.name)") }
      }
      let text = try #require(tables.texts[file])
      #expect(!text.utf8.contains(0x0D) && text.hasSuffix("\n") && !text.contains("−"), "\(file)")
    }
  }

  @Test("every row of an arm has its bare name and the number of its seeds")
  func arms() throws {
    let fixture = Fixture.large
    let names = Set(fixture.arms.map(\.name) + ["nearest mean on pixels"])
    for (file, table) in try WrittenTables(fixture).files where table.header.contains("arm") {
      let arm = try #require(table.header.firstIndex(of: "arm"))
      #expect(table.rows.allSatisfy { names.contains($0[arm]) }, "\(file)")
      if let seeds = table.header.firstIndex(of: "seeds") {
        #expect(table.rows.allSatisfy { $0[arm] == "nearest mean on pixels" || $0[seeds] == "3" }, "\(file)")
      } else {
        #expect(table.header.contains("seed"), "\(file)")
      }
    }
  }

  @Test("the summary names the reference of each arm, and intervals by their ends")
  func summary() throws {
    let tables = try WrittenTables(.pair())
    let table = try #require(tables.files["summary.csv"])
    let reference = try #require(table.header.firstIndex(of: "reference"))
    #expect(table.rows.map { $0[reference] } == ["standard-all", ""])
    let wanted: [(String, Double)] = [
      ("seeds", 3), ("adapted_numbers", 28357), ("accuracy_share", 0.908), ("accuracy_share_ci_low", 0.904),
      ("accuracy_share_ci_high", 0.912), ("difference_share", 0.008), ("difference_share_ci_low", 0.005),
      ("difference_share_ci_high", 0.011), ("steps_to_95_percent", 1), ("steps_to_95_percent_ci_high", 1),
    ]
    for (column, value) in wanted {
      let found = try #require(try tables.numbers("summary.csv", column)[0], "\(column)")
      #expect(abs(found - value) < 1e-12, "\(column)")
    }
  }

  @Test("a metric in steps and one in shares have columns of their own")
  func severalUnits() throws {
    let tables = try WrittenTables(.pair())
    let shares = try tables.numbers("comparisons-primary.csv", "difference_share")
    let steps = try tables.numbers("comparisons-primary.csv", "difference_steps")
    let lows = try tables.numbers("comparisons-primary.csv", "difference_steps_ci_low")
    // Accuracy first, then steps to the common accuracy.
    #expect(shares == [0.008, nil] && steps == [nil, -2])
    #expect(lows[0] == nil && abs((lows[1] ?? .nan) + 2.003) < 1e-12)
  }

  @Test("LaTeX has one row per arm with the columns it announces, over two columns, with a label")
  func tex() throws {
    let tex = try report(.pair()).tex
    for words in [
      "\\begin{table*}", "\\end{table*}", "\\label{tab:5-way-1-shot-images}", "\\toprule", "\\midrule",
      "\\bottomrule", "3 seeds", "second $\\pm$: standard deviation of the seeds' means",
    ] {
      #expect(tex.contains(words), "\(words)")
    }
    let rows = tex.split(separator: "\n").filter { $0.hasSuffix("\\\\") }
    #expect(rows.count == 3 && Set(rows.map { $0.components(separatedBy: " & ").count }).count == 1)
    #expect(tex.contains("90.80 $\\pm$ 0.40 $\\pm$ 0.30"))
    #expect(tex.contains("+0.80 (0.50 to 1.10)" + String(repeating: "\\textsuperscript{*}", count: 3)))
    let alone = try report(.pair(seeds: 1)).tex
    #expect(alone.contains("one seed") && !alone.contains("second $\\pm$"))
    #expect(alone.contains("90.80 $\\pm$ 0.40 &"))
  }
}
