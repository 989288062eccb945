"""Decoding against llama.cpp's own server: `python -m tests.benchmarks.decode --server PYTHON`.

PYTHON is an interpreter of a separate environment that has the `xllamacpp` wheel. Both load the
same file with the same number of threads and samplers, and are asked in turn for an answer of the
same length; what is compared is tokens a second as they arrive at whoever asked. `--model 1b`
writes a model of 1 B parameters with random weights first.

What limits it: the wheel is built for any processor, ours for this one, and they need not be the
same release of llama.cpp; both say in the report what they were built with.
"""

import itertools
import tempfile
from pathlib import Path

from tests.benchmarks import pairs
from tests.benchmarks.peers import our_engine, starter_file, their_server
from tests.support.random_model import ONE_BILLION, write_model

BARS = {"starter": 0.97, "1b": 0.98}
TOKENS = {"starter": 128, "1b": 48}


def main() -> None:
    parser = pairs.arguments(__doc__.splitlines()[0])
    parser.add_argument("--server", type=Path, required=True, help="interpreter with xllamacpp")
    parser.add_argument("--model", choices=sorted(BARS), default="starter")
    parser.add_argument("--threads", type=int, default=0, help="0 for the machine's cores")
    parser.add_argument("--tokens", type=int, default=0, help="0: 128, or 48 of the large model")
    options = parser.parse_args()
    threads = options.threads or pairs.cores()
    tokens = options.tokens or TOKENS[options.model]
    with tempfile.TemporaryDirectory() as folder:
        file = (
            starter_file()
            if options.model == "starter"
            else write_model(Path(folder) / "random-1b.gguf", ONE_BILLION)
        )
        with (
            our_engine(file, threads=threads) as ours,
            their_server(options.server, file, threads=threads) as theirs,
        ):
            seeds = itertools.count(1)
            result = pairs.compare(
                f"decode, {options.model}, {threads} threads",
                lambda: ours.decode_tps(tokens, next(seeds)),
                lambda: theirs.decode_tps(tokens, next(seeds)),
                bar=BARS[options.model],
                pairs=options.pairs,
            )
            loaded = ours.driver.session.loaded
            print(f"ours:   {loaded.system if loaded else ''}\ntheirs: {theirs.system}")
    pairs.report([result], options.json)


if __name__ == "__main__":
    main()
