internal import Formats

extension CellScript {
  /// A makefile with one target for each cell, and one that collects.
  var makefile: String {
    let numbers = cells.indices.map(String.init).joined(separator: " ")
    return """
      \(heading("make --jobs \(min(jobs, cells.count)) --file THIS-FILE"))
      #
      # With --keep-going a cell that fails does not stop the others; "make collect" then reports what there is.

      ABLATE := cd \(quoted(shellQuoted(directory))) && \(quoted(command))
      CELLS := $(addprefix cell-,\(numbers))

      .PHONY: all collect $(CELLS)

      all: $(CELLS)
      \t$(ABLATE) --collect

      collect:
      \t$(ABLATE) --collect

      $(CELLS): cell-%:
      \t$(ABLATE) --threads \(threads) --cell $*
      """ + "\n"
  }

  /// Words as make hands them to the shell.
  private func quoted(_ words: String) -> String {
    words.replacing("$", with: "$$").replacing("#", with: "\\#")
  }
}
