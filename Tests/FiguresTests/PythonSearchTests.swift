import Foundation
import Testing

@testable import Figures

extension FigureRendererTests {
    @Suite struct Search {
        @Test func theNearestEnvironmentAboveTheStartIsFound() throws {
            try DrawingBench.withDirectory { directory in
                let inner = directory.appending(path: "a/b/c", directoryHint: .isDirectory)
                try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
                let far = try DrawingBench.program("", in: directory, name: ".deps/venv/bin/python")
                let search = PythonSearch(environment: [:], start: inner)
                #expect(try search.python().path == far.path)
                let near = try DrawingBench.program("", in: directory, name: "a/.deps/venv/bin/python")
                #expect(try search.python().path == near.path)
            }
        }

        @Test func theVariableComesFirstAndKeepsItsLink() throws {
            try DrawingBench.withDirectory { directory in
                let real = try DrawingBench.program("", in: directory, name: "real")
                let link = directory.appending(path: "link")
                try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
                _ = try DrawingBench.program("", in: directory, name: ".deps/venv/bin/python")
                let search = PythonSearch(environment: ["INDUCT_PYTHON": link.path], start: directory)
                #expect(try search.python().path == link.path)
            }
        }

        @Test func aVariableThatNamesNoProgramIsAnError() throws {
            try DrawingBench.withDirectory { directory in
                let search = PythonSearch(environment: ["INDUCT_PYTHON": directory.path], start: nil)
                let error = #expect(throws: FigureRendererError.self) { try search.python() }
                #expect(
                    error?.description == """
                        Figures were not drawn: INDUCT_PYTHON is "\(directory.path)", which is not an executable \
                        file. Set it to the path of a Python that has vl-convert-python, or unset it to use the \
                        one of `make setup`.
                        """
                )
            }
        }

        @Test func noPythonAnywhereNamesThePlaces() {
            let search = PythonSearch(
                environment: ["INDUCT_PYTHON": ""],
                start: URL(filePath: "/nonexistent/a")
            )
            let error = #expect(throws: FigureRendererError.self) { try search.python() }
            #expect(
                error?.description == """
                    Figures were not drawn: no Python with vl-convert was found. INDUCT_PYTHON is not set, and there \
                    is no .deps/venv/bin/python in /nonexistent/a or any directory above. Run \
                    `make setup`, or set INDUCT_PYTHON to a Python that has vl-convert-python.
                    """
            )
        }

        @Test func thisProcessLooksFromItsProgramAndNeverFromItsDirectory() {
            let start = PythonSearch.here.start?.path
            #expect(start != nil)
            #expect(start != URL(filePath: FileManager.default.currentDirectoryPath).path)
        }
    }
}
