// The Python program that draws figures with vl-convert: one process for any number of figures.
//
// In:  one line with the byte count of the jobs, then the jobs, a JSON list of {"spec": …, "formats": […]}.
// Out: JSON lines. First {"event": "ready"} with versions, or {"event": "missing"|"unsuitable"}; then one
//      {"event": "drawn"|"failed"} per figure and format, in order; last {"event": "done"}.
// The byte count makes the end of the input independent of who else holds the pipe open. Standard output is
// taken away from everything but the answers: a library that prints cannot garble them. The empty entry of
// sys.path (the current directory) goes first, so that no file lying there is imported.

import Foundation

enum DrawingScript {
    static let source = """
        import sys
        sys.path = [entry for entry in sys.path if entry]
        import base64, json, os

        answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

        def answer(**fields):
            answers.write(json.dumps(fields).encode("utf-8") + b"\\n")
            answers.flush()

        def sentence(error):
            return (type(error).__name__ + ": " + str(error)).strip()

        try:
            import vl_convert
        except BaseException as error:
            answer(event="missing", detail=sentence(error))
            sys.exit(0)

        release = str(getattr(vl_convert, "__version__", "of unknown version"))
        known = getattr(vl_convert, "get_vegalite_versions", lambda: [])()
        usable = [tuple(map(int, name.split("."))) for name in known if name.startswith("6.")]
        if not usable:
            answer(event="unsuitable", version=release)
            sys.exit(0)
        grammar = ".".join(map(str, max(usable)))
        answer(event="ready", version=release, grammar=grammar)

        def draw(spec, form):
            # No URL is allowed: figures carry their data, and drawing never touches the network.
            common = dict(vl_version=grammar, allowed_base_urls=[])
            if form == "png":
                return vl_convert.vegalite_to_png(spec, scale=2, **common)
            return vl_convert.vegalite_to_svg(spec, **common).encode("utf-8")

        size = int(sys.stdin.buffer.readline())
        for index, job in enumerate(json.loads(sys.stdin.buffer.read(size))):
            for form in job["formats"]:
                try:
                    picture = base64.b64encode(draw(job["spec"], form)).decode("ascii")
                    answer(event="drawn", figure=index, format=form, bytes=picture)
                except BaseException as error:
                    answer(event="failed", figure=index, format=form, detail=sentence(error))
        answer(event="done")
        """
}
