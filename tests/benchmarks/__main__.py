"""Every benchmark in turn: `make bench`."""

from importlib import import_module
from pathlib import Path


def main() -> None:
    """Run the benchmark of each module of this folder."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        module = import_module(f"tests.benchmarks.{path.stem}")
        print(f"== {(module.__doc__ or path.stem).splitlines()[0]}", flush=True)
        module.main()


if __name__ == "__main__":
    main()
