internal import Formats

extension CellScript {
  /// A Snakefile with a rule for a cell and one that collects.
  ///
  /// Its own marks say what is done: a file that a rule names as its output is removed when the rule runs again.
  var snakefile: String {
    let names = cells.map { "    \(literal($0)),\n" }.joined()
    return """
      \(heading("snakemake --snakefile THIS-FILE --cores \(min(jobs, cells.count) * threads)"))

      workdir: \(literal(directory))


      ABLATE = \(literal(command))
      MARKS = \(literal("\(folder)/marks"))
      CELLS = [
      \(names)]


      rule collect:
          input:
              expand(MARKS + "/{cell}.done", cell=CELLS),
          output:
              touch(MARKS + "/collected.done"),
          threads: \(threads)
          resources:
              mem_mb=\(need.mebibytes),
              runtime=\(need.minutes),
          shell:
              "{ABLATE} --threads {threads} --collect"


      rule cell:
          output:
              touch(MARKS + "/{cell}.done"),
          params:
              number=lambda wildcards: CELLS.index(wildcards.cell),
          threads: \(threads)
          resources:
              mem_mb=\(need.mebibytes),
              runtime=\(need.minutes),
          shell:
              "{ABLATE} --threads {threads} --cell {params.number}"
      """ + "\n"
  }

  /// A text as Python reads it.
  private func literal(_ text: String) -> String { JSONValue.text(text).line }
}
